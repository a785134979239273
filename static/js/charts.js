// Charts drawn from the tables beside them: what a chart shows, its table says; a click opens the tickets behind.

const root = document.documentElement;
const PALETTE = ["--hd-accent", "--hd-warning", "--hd-info", "--hd-success", "--hd-neutral"];
const drawn = new Map();

const token = (name) => getComputedStyle(root).getPropertyValue(name).trim();

const read = (cell) => ({
  value: cell.dataset.value === "" ? null : Number(cell.dataset.value),
  text: cell.textContent.trim().replace(/\s+/g, " "),
  url: cell.querySelector("a")?.href,
});

const label = (cell) => cell.dataset.value ?? cell.textContent.trim();

// A series is a column of the table, or a row of it when the figure says that it is transposed.
function series(figure) {
  const table = document.getElementById(figure.dataset.table);
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const columns = figure.dataset.columns.split(" ").map(Number);
  if ("transposed" in figure.dataset) {
    return {
      labels: columns.map((column) => heads[column]),
      series: rows.map((row) => ({
        name: label(row.cells[0]),
        points: columns.map((column) => read(row.cells[column])),
      })),
    };
  }
  return {
    labels: rows.map((row) => label(row.cells[0])),
    series: columns.map((column) => ({
      name: heads[column],
      points: rows.map((row) => read(row.cells[column])),
    })),
  };
}

function options(kind, unit, found) {
  const ink = token("--hd-ink-soft");
  const sideways = kind === "sideways";
  const numbers = {
    beginAtZero: true,
    stacked: kind === "stacked",
    ...(unit === "%" ? { max: 100 } : {}),
    ticks: { color: ink, precision: unit ? undefined : 0, callback: (value) => (unit ? `${value}\u00a0${unit}` : value) },
    grid: { color: token("--hd-line") },
    border: { display: false },
  };
  const names = { stacked: kind === "stacked", ticks: { color: ink }, grid: { display: false }, border: { color: token("--hd-line-strong") } };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    indexAxis: sideways ? "y" : "x",
    interaction: { mode: "nearest", intersect: true },
    scales: sideways ? { x: numbers, y: names } : { x: names, y: numbers },
    plugins: {
      legend: { display: found.series.length > 1, position: "bottom", labels: { color: token("--hd-ink"), boxWidth: 12, boxHeight: 12 } },
      tooltip: { callbacks: { label: (item) => `${found.series[item.datasetIndex].name} : ${found.series[item.datasetIndex].points[item.dataIndex].text}` } },
    },
    onClick: (_event, [hit]) => {
      const url = hit && found.series[hit.datasetIndex].points[hit.index].url;
      if (url) location.assign(url);
    },
    onHover: (event, hits) => event.native.target.classList.toggle("chart-link", hits.length > 0),
  };
}

function draw(figure) {
  const kind = figure.dataset.chart;
  const found = series(figure);
  const type = kind === "line" ? "line" : "bar";
  drawn.get(figure)?.destroy();
  Chart.defaults.font.family = token("--hd-sans");
  Chart.defaults.font.size = 13;
  drawn.set(
    figure,
    new Chart(figure.querySelector("canvas"), {
      type,
      data: {
        labels: found.labels,
        datasets: found.series.map(({ name, points }, index) => {
          const colour = token(PALETTE[index % PALETTE.length]);
          return {
            label: name,
            data: points.map((point) => point.value),
            borderColor: colour,
            backgroundColor: colour,
            pointStyle: ["circle", "rect", "triangle", "rectRot"][index % 4],
            pointRadius: 4,
            clip: 8,
            borderWidth: type === "line" ? 2 : 0,
            borderDash: type === "line" && index ? [6, 4] : undefined,
            maxBarThickness: 26,
            spanGaps: false,
          };
        }),
      },
      options: options(kind, figure.dataset.unit, found),
    }),
  );
}

const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach(draw);

drawAll();
root.addEventListener("themechosen", () => requestAnimationFrame(drawAll));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => requestAnimationFrame(drawAll));
