// The files to join to a form: dropped, pasted or chosen, listed with their size, removable, sent with progress.
// The file input itself carries them, so that the form is sent as it would be without this module.

const known = new WeakMap();

function say(text, name) {
  return text.replace("{name}", name);
}

function sizeInWords(bytes, units) {
  const [byte, kilobyte, megabyte] = units.split(" ");
  const number = (value, digits) =>
    value.toLocaleString(document.documentElement.lang || undefined, { maximumFractionDigits: digits });
  if (bytes < 1024) return `${bytes}\u00a0${byte}`;
  if (bytes < 1024 * 1024) return `${number(bytes / 1024, 0)}\u00a0${kilobyte}`;
  return `${number(bytes / 1024 / 1024, 1)}\u00a0${megabyte}`;
}

class Attachments {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input[type=file]");
    this.list = root.querySelector("[data-list]");
    this.row = root.querySelector("template[data-row]");
    this.refused = root.querySelector("[data-refusals]");
    this.refusedRow = root.querySelector("template[data-refusal]");
    this.status = root.querySelector("[data-status]");
    this.progress = root.querySelector("[data-progress]");
    this.files = [];
    this.pasted = 0;
    for (const element of root.querySelectorAll("[data-enhanced]")) element.hidden = false;
    this.input.addEventListener("change", () => this.add([...this.input.files]));
    root.addEventListener("dragover", (event) => this.hover(event, true));
    root.addEventListener("dragleave", (event) => this.hover(event, false));
    root.addEventListener("drop", (event) => {
      this.hover(event, false);
      this.add([...event.dataTransfer.files]);
    });
    this.add([...this.input.files]);
  }

  hover(event, isOver) {
    event.preventDefault();
    this.root.classList.toggle("attachments-over", isOver);
  }

  refusal(file) {
    const limits = this.root.dataset;
    const dot = file.name.lastIndexOf(".");
    const extension = dot < 0 ? "" : file.name.slice(dot).toLowerCase();
    if (this.files.length >= Number(limits.maxCount)) return limits.tooMany;
    if (file.size === 0) return limits.empty;
    if (file.size > Number(limits.maxBytes)) return limits.tooBig;
    if (!limits.extensions.split(" ").includes(extension)) return limits.refused;
    return "";
  }

  add(files) {
    const added = [];
    const refused = [];
    for (const file of files) {
      const same = (other) =>
        other.name === file.name && other.size === file.size && other.lastModified === file.lastModified;
      if (this.files.some(same)) continue;
      const refusal = this.refusal(file);
      if (refusal) {
        refused.push(say(refusal, file.name));
      } else {
        this.files.push(file);
        added.push(say(this.root.dataset.added, file.name));
      }
    }
    this.show(added.join(" "), refused);
  }

  paste(files) {
    this.add(
      files.map((file) => {
        // Every pasted screenshot is called image.png: number them.
        if (!file.type.startsWith("image/")) return file;
        this.pasted += 1;
        const extension = file.name.includes(".") ? file.name.slice(file.name.lastIndexOf(".")) : ".png";
        return new File([file], `${this.root.dataset.pasted}-${this.pasted}${extension}`, { type: file.type });
      }),
    );
  }

  remove(index) {
    const [file] = this.files.splice(index, 1);
    this.show(say(this.root.dataset.removed, file.name));
    const next = this.list.querySelectorAll("[data-remove]")[Math.min(index, this.files.length - 1)];
    (next || this.input).focus();
  }

  // What was added is announced in its turn; each file refused is an error with a line of its own.
  show(status, refused = []) {
    const carried = new DataTransfer();
    for (const file of this.files) carried.items.add(file);
    this.input.files = carried.files;
    this.list.replaceChildren(...this.files.map((file, index) => this.rowOf(file, index)));
    this.status.textContent = status;
    this.refused.replaceChildren(
      ...refused.map((reason) => {
        const line = this.refusedRow.content.firstElementChild.cloneNode(true);
        line.querySelector("[data-reason]").textContent = reason;
        return line;
      }),
    );
  }

  rowOf(file, index) {
    const row = this.row.content.firstElementChild.cloneNode(true);
    const [shown, spoken] = row.querySelectorAll("[data-name]");
    shown.textContent = file.name;
    spoken.textContent = ` ${file.name}`;
    row.querySelector("[data-size]").textContent = sizeInWords(file.size, this.root.dataset.units);
    row.querySelector("[data-remove]").addEventListener("click", () => this.remove(index));
    return row;
  }

  showProgress(percent) {
    this.progress.hidden = percent === null || this.files.length === 0;
    this.progress.querySelector("progress").value = percent ?? 0;
  }
}

function attachmentsOf(form) {
  const root = form?.querySelector?.("[data-attachments]");
  return root && known.get(root);
}

function enhance(container) {
  for (const root of container.querySelectorAll("[data-attachments]")) {
    if (!known.has(root)) known.set(root, new Attachments(root));
  }
}

// A screenshot pasted while writing goes to the form one is writing in, else to the page's only one.
function pasteTarget() {
  const form = document.activeElement?.closest("form");
  if (form) return attachmentsOf(form);
  const roots = document.querySelectorAll("[data-attachments]");
  return roots.length === 1 ? known.get(roots[0]) : undefined;
}

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const target = files.length ? pasteTarget() : undefined;
  // Office programs put a picture of the text beside the text: the text is what is meant.
  if (!target || event.clipboardData.getData("text/plain")) return;
  event.preventDefault();
  target.paste(files);
});

// A file dropped beside its place would replace the page, and what is typed with it.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}

document.addEventListener("htmx:xhr:progress", (event) => {
  if (event.detail.lengthComputable) {
    attachmentsOf(event.target)?.showProgress((100 * event.detail.loaded) / event.detail.total);
  }
});
document.addEventListener("htmx:afterRequest", (event) => attachmentsOf(event.target)?.showProgress(null));
document.addEventListener("htmx:load", (event) => enhance(event.target));

enhance(document);
