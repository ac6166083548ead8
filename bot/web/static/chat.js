// What the page can do without being loaded again. Everything here also works without it, as plain forms.
(() => {
  "use strict";
  const root = document.documentElement;
  const body = document.body;
  root.classList.add("js");

  // A secret in the address bar is of no more use there.
  if (body.dataset.hide) history.replaceState(null, "", body.dataset.hide);

  let leaving = false;
  const leave = document.getElementById("leave");
  leave?.addEventListener("click", (event) => {
    event.preventDefault();
    leaving = true;
    body.hidden = true;
    document.title = "";
    location.replace(leave.href);
  });

  const log = document.getElementById("log");
  if (!log) return;
  const [box, write, status, trouble, again, bar, files, picked] = [
    "box", "write", "status", "trouble", "again", "bar", "files", "picked",
  ].map((id) => document.getElementById(id));
  const say = body.dataset;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const seen = new Set([...log.querySelectorAll(".entry[id]")].map((entry) => entry.id));
  let position = say.position;
  let failed = null;

  // -- what comes

  function element(html) {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  }

  function put(entry) {
    if (seen.has(entry.key)) return null;
    seen.add(entry.key);
    const fresh = element(entry.html);
    const olds = entry.replaces.map((key) => document.getElementById(key)).filter(Boolean);
    for (const key of entry.replaces) seen.add(key);
    if (!olds.length) {
      fresh.classList.add("arrived");
      log.append(fresh);
      return fresh;
    }
    const focused = olds[0].contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? [...olds[0].querySelectorAll("a, button")].indexOf(focused) : -1;
    olds[0].replaceWith(fresh);
    olds.slice(1).forEach((old) => old.remove());
    if (focused) {
      const same = [...fresh.querySelectorAll("button")].find((button) => button.value === focused.value);
      (same ?? fresh.querySelectorAll("a, button")[place])?.focus();
    }
    return null;
  }

  function apply(news, mine) {
    if (news.gone || news.language !== root.lang) {
      leaving = true;
      location.reload();
      return;
    }
    if (news.anew && news.entries.length) {
      log.replaceChildren();
      seen.clear();
    }
    const near = root.scrollHeight - innerHeight - scrollY < 160;
    const fresh = news.entries.map(put).filter(Boolean);
    position = news.position;
    if (news.bar !== null) bar.replaceChildren(element(news.bar));
    if (news.hint !== null) box.placeholder = news.hint || say.hint;
    standOut();
    measure();
    // What comes while they send may be the answer, by the other way: they are shown it wherever they were reading.
    if (fresh.length && (mine || underWay || near)) show(fresh[0]);
  }

  // The buttons of whatever was asked since they last said something.
  function standOut() {
    const entries = [...log.querySelectorAll(".entry")];
    const said = entries.lastIndexOf([...log.querySelectorAll(".theirs")].pop());
    entries.forEach((entry, at) => entry.classList.toggle("newest", at > said && !!entry.querySelector(".choices")));
  }

  // The first new line is at the top when all of it does not fit, else the end is at the bottom.
  function show(first) {
    const behavior = calm.matches ? "auto" : "smooth";
    const room = innerHeight - header.offsetHeight - footer.offsetHeight;
    const height = log.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
    if (height > room) first.scrollIntoView({ block: "start", behavior });
    else scrollTo({ top: root.scrollHeight, behavior });
  }

  const header = document.querySelector(".safety");
  const footer = document.querySelector(".composer");
  function measure() {
    const fixed = getComputedStyle(footer).position === "sticky";
    root.style.setProperty("--above", fixed ? `${header.offsetHeight + 12}px` : "1rem");
    root.style.setProperty("--below", fixed ? `${footer.offsetHeight + 12}px` : "1rem");
  }
  new ResizeObserver(measure).observe(footer);
  addEventListener("resize", measure);

  // -- what goes

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function complain(words, offerAgain) {
    trouble.replaceChildren();
    if (words) {
      const line = document.createElement("p");
      line.textContent = words;
      trouble.append(line);
    }
    again.hidden = !offerAgain;
    measure();
  }

  let underWay = 0;
  let turn = Promise.resolve();
  function send(job) {
    turn = turn.then(() => post(job));
    return turn;
  }

  async function post(job) {
    failed = null;
    underWay += 1;
    complain("", false);
    status.textContent = say.sending;
    job.button?.setAttribute("aria-busy", "true");
    if (job.words) box.readOnly = true;
    job.data.set("since", position);
    let answer = null;
    try {
      const response = await fetch(job.to, {
        method: "POST",
        body: job.data,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout?.(job.large ? 600000 : 60000),
      });
      answer = await response.json();
      if (!response.ok) throw new Error(answer.notice);
    } catch {
      failed = job;
      complain(answer?.notice ?? (job.words ? say.failed : say.pressFailed), true);
    } finally {
      status.textContent = "";
      job.button?.removeAttribute("aria-busy");
      box.readOnly = false;
      underWay -= 1;
    }
    if (failed) return;
    if (job.words) {
      box.value = "";
      unpick();
      grow();
    }
    welcomeIn();
    apply(answer, true);
    listen();
  }

  // What is only for strangers goes, as it would when the page is loaded again.
  function welcomeIn() {
    document.getElementById("intro")?.remove();
    document.getElementById("device").hidden = false;
    if (location.pathname + location.search !== "/") history.replaceState(null, "", "/");
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    if (new URL(form.action).pathname !== "/say") return;
    event.preventDefault();
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") return;
    const data = new FormData(form);
    const words = form === write;
    if (button?.name) data.set(button.name, button.value);
    data.set("id", newId());
    if (words && box.readOnly) return;
    if (words && !box.value.trim() && !files.files.length) {
      box.focus();
      return;
    }
    send({ to: form.action, data, words, button: words ? null : button, large: words && files.files.length > 0 });
  });

  again.addEventListener("click", () => {
    if (!failed) return;
    const job = failed;
    if (job.words) {
      // The words may have been changed since; the same words keep their number, so that they count once.
      const now = new FormData(write);
      if (now.get("text") !== job.data.get("text") || files.files.length !== job.data.getAll("files").filter((f) => f.name).length) {
        now.set("id", newId());
        job.data = now;
      }
    }
    send(job);
  });

  box.addEventListener("keydown", (event) => {
    const plain = event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.isComposing;
    if (!plain || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    write.requestSubmit();
  });

  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.blockSize = "auto";
    box.style.blockSize = `${box.scrollHeight + 4}px`;
  }
  box.addEventListener("input", grow);

  function unpick() {
    files.value = "";
    picked.hidden = true;
  }
  files.addEventListener("change", () => {
    const chosen = [...files.files];
    complain("", false);
    if (chosen.reduce((sum, file) => sum + file.size, 0) > Number(say.mostBytes)) {
      unpick();
      complain(say.tooBig, false);
      return;
    }
    picked.hidden = !chosen.length;
    picked.firstElementChild.textContent = chosen.map((file) => file.name).join(", ");
  });
  document.getElementById("unpick").addEventListener("click", () => {
    unpick();
    files.focus();
  });

  // Half a story is not lost by a slip of the thumb. It is not stored: the next person at a shared computer would find it.
  addEventListener("beforeunload", (event) => {
    if (!leaving && box.value.trim().length > 40) event.preventDefault();
  });

  // -- the open line

  let line = null;
  let pause = 1000;
  function listen() {
    if (line || !window.EventSource) return;
    line = new EventSource(`/events?since=${position}`);
    line.addEventListener("open", () => {
      pause = 1000;
      root.dataset.line = "open";
      if (status.textContent === say.offline) status.textContent = say.back;
    });
    line.addEventListener("news", (event) => apply(JSON.parse(event.data), false));
    line.addEventListener("gone", () => {
      leaving = true;
      location.reload();
    });
    line.addEventListener("error", () => {
      root.dataset.line = "lost";
      if (line.readyState !== EventSource.CLOSED) return;
      line = null;
      setTimeout(listen, pause);
      pause = Math.min(pause * 2, 30000);
    });
  }
  addEventListener("offline", () => { status.textContent = say.offline; });
  addEventListener("online", () => { status.textContent = say.back; });
  addEventListener("pagehide", () => line?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  if (say.known) {
    listen();
    measure();
    const landing = document.getElementById("newest")?.nextElementSibling;
    if (landing && !location.hash) requestAnimationFrame(() => {
      const behavior = "instant";
      const room = innerHeight - header.offsetHeight - footer.offsetHeight;
      const tall = log.getBoundingClientRect().bottom - landing.getBoundingClientRect().top > room;
      if (tall) landing.scrollIntoView({ block: "start", behavior });
      else scrollTo({ top: root.scrollHeight, behavior });
    });
  }
  if (location.hash === "#newest") history.replaceState(null, "", "/");
})();
