// Sets the theme before the first paint: the one chosen, or the system's when none is.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.themeChoice || document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1] || "auto";
    const theme = chosen === "auto" ? (system.matches ? "dark" : "light") : chosen;
    root.dataset.bsTheme = theme;
    // The back office's own stylesheet reads this second name.
    root.dataset.theme = theme;
  };
  apply();
  system.addEventListener("change", apply);
  root.addEventListener("themechosen", apply);
})();
