// The page of `lacuna serve`: a picture, a hole painted on it, and what the model puts there.
"use strict";

const $ = (id) => document.getElementById(id);
const HOLE = [228, 61, 48];

// One pixel of these is one pixel of the picture; zoom is the canvas's alone.
const state = {
  models: [], picture: null, width: 0, height: 0, missing: new Uint8Array(0), history: [],
  isErasing: false, size: 2, zoom: 16, x: 0, y: 0, showsCursor: false, stroke: null,
  work: null, name: "picture", key: sessionStorage.getItem("lacuna-key") || "", examples: [],
};

const canvas = $("canvas");

// MARK: Asking

// `watch`, for work that may take long: `told` gets its progress, `signal` gives it up.
async function ask(path, body, watch) {
  const headers = {};
  if (watch) headers.Accept = "text/event-stream";
  if (state.key) headers.Authorization = "Bearer " + state.key;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), cache: "no-store",
    signal: watch && watch.signal,
  });
  if (watch && response.ok) return result(response, watch.told);
  const answer = await response.json();
  if (response.ok) return answer;
  if (response.status === 401) $("key-form").hidden = false;
  throw refusal(answer);
}

const refusal = (problem) => new Error(`${problem.detail}: ${problem.remedy}`);

// Server-sent events of a request with a body, which EventSource cannot send.
async function result(response, told) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The answer breaks off; ask again.");
    const events = (text + value).split("\n\n");
    text = events.pop();
    for (const event of events) {
      const [, name, data] = event.match(/^event: (\w+)\ndata: (.*)$/) || [];
      if (name === "progress") told(JSON.parse(data));
      if (name === "result") return JSON.parse(data);
      if (name === "error") throw refusal(JSON.parse(data));
    }
  }
}

function say(text, isWrong = false) {
  $("status").textContent = text;
  $("status").classList.toggle("wrong", isWrong);
}

// MARK: Pictures

function blank(width, height) {
  const made = document.createElement("canvas");
  made.width = width;
  made.height = height;
  return made;
}

async function decoded(source) {
  const blob = typeof source === "string" ? bytes(source) : source;
  // Colours as they are stored: the model shall see what the file says.
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
  const made = blank(bitmap.width, bitmap.height);
  made.getContext("2d").drawImage(bitmap, 0, 0);
  return made;
}

function bytes(base64) {
  const text = atob(base64);
  return new Blob([Uint8Array.from(text, (c) => c.charCodeAt(0))], { type: "image/png" });
}

const base64 = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.split(",")[1]);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
});

function save(made, name) {
  const link = document.createElement("a");
  link.download = name;
  link.href = typeof made === "string" ? "data:image/png;base64," + made : made.toDataURL();
  link.click();
}

// A file's own bytes are what is sent, so that answers keep its format.
function show(picture, name, source) {
  const isSame = picture.width === state.width && picture.height === state.height;
  state.picture = picture;
  state.name = name;
  state.source = source;
  state.width = picture.width;
  state.height = picture.height;
  if (!isSame) {
    state.missing = new Uint8Array(state.width * state.height);
    state.history = [];
    state.x = state.width >> 1;
    state.y = state.height >> 1;
    fit();
  }
  paint();
}

// The largest whole scale that fits: pixels stay square and equal.
function fit() {
  const room = Math.min($("stage").parentElement.clientWidth - 10, 448);
  zoom(Math.max(1, Math.min(32, Math.floor(room / state.width))));
}

function zoom(scale) {
  state.zoom = Math.max(1, Math.min(32, scale));
  $("zoom").value = state.zoom;
  $("zoom-text").textContent = state.zoom;
  paint();
}

function paint() {
  if (!state.picture) return;
  const { width, height, zoom } = state;
  canvas.width = width * zoom;
  canvas.height = height * zoom;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(state.picture, 0, 0, width * zoom, height * zoom);
  // A hatch besides the colour, for eyes that do not tell colours apart.
  for (let i = 0; i < state.missing.length; i++) {
    if (!state.missing[i]) continue;
    const [x, y] = [(i % width) * zoom, Math.floor(i / width) * zoom];
    context.fillStyle = `rgb(${HOLE})`;
    context.fillRect(x, y, zoom, zoom);
    if (zoom < 6) continue;
    context.strokeStyle = "rgba(255, 255, 255, 0.55)";
    context.beginPath();
    context.moveTo(x, y + zoom);
    context.lineTo(x + zoom, y);
    context.stroke();
  }
  if (state.showsCursor) {
    const [left, top] = corner(state.x, state.y);
    const side = state.size * zoom;
    for (const [colour, inset] of [["#000", 0.5], ["#fff", 1.5]]) {
      context.strokeStyle = colour;
      context.strokeRect(
        left * zoom + inset, top * zoom + inset, side - 2 * inset, side - 2 * inset);
    }
  }
}

// MARK: The hole

const corner = (x, y) => [x - ((state.size - 1) >> 1), y - ((state.size - 1) >> 1)];

function remember() {
  state.history.push(state.missing.slice());
  if (state.history.length > 200) state.history.shift();
}

function dab(x, y, value) {
  const [left, top] = corner(x, y);
  for (let row = Math.max(0, top); row < Math.min(state.height, top + state.size); row++) {
    for (let column = Math.max(0, left); column < Math.min(state.width, left + state.size);
      column++) state.missing[row * state.width + column] = value;
  }
}

// Every pixel between two places, so that a quick stroke leaves no gap.
function line(from, to, value) {
  const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1);
  for (let step = 0; step <= steps; step++) {
    dab(Math.round(from[0] + (to[0] - from[0]) * step / steps),
      Math.round(from[1] + (to[1] - from[1]) * step / steps), value);
  }
}

function change(body) {
  remember();
  body();
  paint();
}

function undo() {
  const former = state.history.pop();
  if (!former) return say("There is nothing to undo.");
  state.missing = former;
  paint();
}

const clear = () => change(() => state.missing.fill(0));
const invert = () => change(() => { state.missing = state.missing.map((value) => 1 - value); });

function mask() {
  const made = blank(state.width, state.height);
  const context = made.getContext("2d");
  const data = context.createImageData(state.width, state.height);
  state.missing.forEach((value, i) => data.data.set([255 * value, 255 * value, 255 * value, 255],
    4 * i));
  context.putImageData(data, 0, 0);
  return made;
}

async function loadMask(file) {
  const drawing = await decoded(file);
  if (drawing.width !== state.width || drawing.height !== state.height) {
    return say(`The mask is ${drawing.width}x${drawing.height}, the picture ${state.width}x`
      + `${state.height}.`, true);
  }
  const data = drawing.getContext("2d").getImageData(0, 0, state.width, state.height).data;
  change(() => state.missing.forEach((_, i) => { state.missing[i] = data[4 * i] > 127 ? 1 : 0; }));
  say("The mask is loaded.");
}

function select(isErasing) {
  state.isErasing = isErasing;
  $("brush").setAttribute("aria-pressed", String(!isErasing));
  $("eraser").setAttribute("aria-pressed", String(isErasing));
}

function resize(size) {
  state.size = Math.max(1, Math.min(8, size));
  $("size").value = state.size;
  $("size-text").textContent = state.size;
  paint();
}

// MARK: Pointer and keys

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [Math.floor((event.clientX - box.left) * state.width / box.width),
    Math.floor((event.clientY - box.top) * state.height / box.height)];
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button > 0 && event.button !== 2) return;
  canvas.setPointerCapture(event.pointerId);
  state.showsCursor = false;
  remember();
  state.stroke = { at: place(event), value: state.isErasing || event.button === 2 ? 0 : 1 };
  line(state.stroke.at, state.stroke.at, state.stroke.value);
  paint();
});
canvas.addEventListener("pointermove", (event) => {
  if (!state.stroke) return;
  const at = place(event);
  line(state.stroke.at, at, state.stroke.value);
  state.stroke.at = at;
  paint();
});
for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, () => { state.stroke = null; });
}
canvas.addEventListener("contextmenu", (event) => event.preventDefault());

canvas.addEventListener("keydown", (event) => {
  const step = event.shiftKey ? 4 : 1;
  const moves = {
    ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
  };
  const actions = {
    " ": () => change(() => dab(state.x, state.y, state.isErasing ? 0 : 1)),
    Backspace: () => change(() => dab(state.x, state.y, 0)),
    b: () => select(false), e: () => select(true), c: clear, i: invert, Enter: fill,
    "[": () => resize(state.size - 1), "]": () => resize(state.size + 1),
    Escape: stop, "+": () => zoom(state.zoom + 1), "-": () => zoom(state.zoom - 1),
  };
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    event.preventDefault();
    return undo();
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (moves[event.key]) {
    state.x = Math.max(0, Math.min(state.width - 1, state.x + moves[event.key][0]));
    state.y = Math.max(0, Math.min(state.height - 1, state.y + moves[event.key][1]));
    state.showsCursor = true;
  } else if (actions[event.key]) {
    state.showsCursor = true;
    actions[event.key]();
  } else {
    return;
  }
  event.preventDefault();
  paint();
  const isMissing = state.missing[state.y * state.width + state.x];
  $("place").textContent
    = `Column ${state.x + 1}, row ${state.y + 1}: ${isMissing ? "missing" : "known"}`;
});
canvas.addEventListener("focus", () => { state.showsCursor = true; paint(); });
canvas.addEventListener("blur", () => { state.showsCursor = false; paint(); });

// MARK: Models

const model = () => state.models.find((model) => model.name === $("model").value);

function describe() {
  const chosen = model();
  if (!chosen) return;
  const colour = chosen.channels === 3 ? "colour" : "grey";
  $("about").textContent = `${chosen.kind}, ${chosen.width}x${chosen.height} ${colour}, `
    + `${chosen.levels} levels`;
  const canFill = chosen.can.includes("complete");
  $("fill").disabled = !canFill;
  $("draw").hidden = !chosen.can.includes("sample");
  if (!canFill) say("This model fills no holes; choose another.", true);
  $("class-label").hidden = chosen.classes.length === 0;
  $("class").replaceChildren(new Option("unknown", ""),
    ...chosen.classes.map((name) => new Option(name, name)));
  const fitting = state.examples.filter(
    ({ made }) => made.width >= chosen.width && made.height >= chosen.height);
  $("examples").replaceChildren(...fitting.map(({ made, source }, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = button.ariaLabel = `Example ${i + 1}`;
    const copy = blank(made.width, made.height);
    copy.getContext("2d").drawImage(made, 0, 0);
    button.append(copy);
    button.addEventListener("click", () => show(made, `example-${i + 1}`, source));
    return button;
  }));
  if (!state.picture || state.width < chosen.width || state.height < chosen.height) {
    if (fitting.length) show(fitting[0].made, "example-1", fitting[0].source);
    else if (!$("draw").hidden) drawOne();
  }
}

async function drawOne() {
  try {
    say("Drawing ...");
    const body = { model: model().name, seed: Number($("seed").value) };
    if ($("class").value) body.class = $("class").value;
    body.first = 1 + Math.floor(Math.random() * 100000);
    const answer = await ask("v1/augment", body);
    const drawn = answer.images[0].image;
    show(await decoded(drawn), `drawn-${body.first}`, drawn);
    say("");
  } catch (error) {
    say(error.message, true);
  }
}

// MARK: Filling

async function fill() {
  if (!state.picture || $("fill").disabled) return;
  if (!state.missing.some((value) => value)) return say("Paint over what is missing first.", true);
  const samples = Number($("samples").value);
  const body = {
    model: model().name, image: state.source, mask: mask().toDataURL().split(",")[1], samples,
    seed: Number($("seed").value), temperature: Number($("temperature").value),
    mean: true, uncertainty: samples > 1,
  };
  if ($("class").value) body.class = $("class").value;
  $("fill").disabled = true;
  say("Filling ...");
  const start = performance.now();
  state.work = new AbortController();
  try {
    const answer = await ask("v1/impute", body, { signal: state.work.signal, told });
    await present(answer);
    say(`${answer.answers.length} answers in ${((performance.now() - start) / 1000).toFixed(2)} s.`);
  } catch (error) {
    if (error.name === "AbortError") say("Stopped.");
    else say(error.message, true);
  }
  state.work = null;
  $("work").hidden = true;
  $("fill").disabled = false;
}

// The bar comes with the second piece of news: what is done at once needs none.
function told(news) {
  $("progress").max = news.rows;
  $("progress").value = news.rows_done;
  if (news.rows_done > 0 || news.requests_before > 0) $("work").hidden = false;
  if (news.rows_done > 0) return say("Filling ...");
  if (news.requests_before > 0) say(`Waiting; requests before this one: ${news.requests_before}.`);
}

function stop() {
  if (state.work) state.work.abort();
}

function scaled(made) {
  // Two side by side on a phone.
  const width = $("answers").parentElement.clientWidth;
  const room = Math.min(width < 480 ? (width - 20) / 2 : width, 200);
  const scale = Math.max(1, Math.min(16, Math.floor(room / made.width)));
  made.style.width = made.width * scale + "px";
  return made;
}

async function present(answer) {
  const ranked = answer.answers.slice().sort((a, b) => a.rank - b.rank);
  const items = [];
  for (const one of ranked) {
    const made = await decoded(one.image);
    const name = `${state.name}.${one.sample}.png`;
    const item = document.createElement("li");
    const likelihood = document.createElement("p");
    likelihood.textContent = one.log_likelihood_nats === null
      ? `${one.rank}. likelihood below any number`
      : `${one.rank}. ${one.log_likelihood_nats.toFixed(2)} nats`;
    const kind = document.createElement("p");
    kind.className = "kind";
    kind.textContent = `${one.exact ? "exact" : "approximate"}, ${one.method}`;
    const bar = document.createElement("div");
    bar.className = "bar";
    const download = document.createElement("button");
    download.type = "button";
    download.textContent = "Save";
    download.ariaLabel = `Save answer ${one.rank}`;
    download.addEventListener("click", () => save(one.image, name));
    const use = document.createElement("button");
    use.type = "button";
    use.textContent = "Take";
    use.ariaLabel = `Take answer ${one.rank} as the picture`;
    use.addEventListener("click", () => {
      show(made, state.name, one.image);
      change(() => state.missing.fill(0));
      canvas.focus();
    });
    bar.append(download, use);
    const shown = scaled(made);
    shown.setAttribute("role", "img");
    shown.ariaLabel = `Answer ${one.rank}`;
    item.append(shown, likelihood, kind, bar);
    items.push(item);
  }
  $("answers").replaceChildren(...items);
  const extras = [];
  for (const [name, text] of [["mean", "Mean of the answers."],
    ["uncertainty", "Uncertainty: white where answers differ most."]]) {
    if (!answer[name]) continue;
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = text;
    figure.append(scaled(await decoded(answer[name])), caption);
    extras.push(figure);
  }
  $("extras").replaceChildren(...extras);
  $("none").hidden = true;
}

// MARK: Start

async function open(file) {
  try {
    show(await decoded(file), file.name.replace(/\.[^.]*$/, ""), await base64(file));
    say("");
  } catch {
    say("That is no PNG or JPEG image.", true);
  }
}

$("open").addEventListener("change", (event) => {
  if (event.target.files[0]) open(event.target.files[0]);
  event.target.value = "";
});
$("load-mask").addEventListener("change", (event) => {
  if (event.target.files[0]) loadMask(event.target.files[0]);
  event.target.value = "";
});
$("save-mask").addEventListener("click", () => save(mask(), `${state.name}.mask.png`));
$("draw").addEventListener("click", drawOne);
$("brush").addEventListener("click", () => select(false));
$("eraser").addEventListener("click", () => select(true));
$("size").addEventListener("input", (event) => resize(Number(event.target.value)));
$("zoom").addEventListener("input", (event) => zoom(Number(event.target.value)));
$("undo").addEventListener("click", undo);
$("clear").addEventListener("click", clear);
$("invert").addEventListener("click", invert);
$("fill").addEventListener("click", fill);
$("stop").addEventListener("click", stop);
$("model").addEventListener("change", describe);
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  state.key = $("key").value;
  sessionStorage.setItem("lacuna-key", state.key);
  $("key-form").hidden = true;
  start();
});
for (const [type, isOver] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    $("stage").classList.toggle("over", isOver);
    if (type === "drop" && event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
  });
}

async function start() {
  try {
    state.models = (await ask("v1/models")).models;
    $("model").replaceChildren(...state.models.map((one) => new Option(one.name, one.name)));
    const first = state.models.find((one) => one.can.includes("complete"));
    if (first) $("model").value = first.name;
    state.examples = await Promise.all((await ask("examples.json")).images.map(
      async (source) => ({ source, made: await decoded(source) })));
    describe();
  } catch (error) {
    say(error.message, true);
  }
}

start();
