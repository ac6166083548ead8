// What the desk can do without a page being loaded again. Every form here also works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // A secret in the address bar is of no more use there.
  if (document.body.dataset.hide) history.replaceState(null, "", document.body.dataset.hide);

  // Not scrollIntoView: the first Tab would then start from there, and miss the way past the navigation.
  const current = document.querySelector(".nav [aria-current]");
  const list = current?.closest("ul");
  list?.scrollBy(current.getBoundingClientRect().left - list.getBoundingClientRect().left - list.clientWidth / 3, 0);
  // What went wrong, or was done, is read first.
  document.querySelector("[data-first]")?.focus();

  // -- drafts: what is typed is kept a moment later, so that a closed browser loses nothing
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const status = form.querySelector(".draft");
    let waiting = 0;
    let sending = false;
    const keep = async () => {
      waiting = 0;
      if (sending) return;
      const fields = new FormData(form);
      fields.set("form", form.dataset.draft);
      try {
        const answer = await fetch("/desk/draft", { method: "POST", body: new URLSearchParams(fields), keepalive: true, headers: { accept: "application/json" } });
        if (status) status.textContent = answer.ok ? form.dataset.kept : form.dataset.notKept;
      } catch {
        if (status) status.textContent = form.dataset.notKept;
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, 800);
    });
    form.addEventListener("submit", () => {
      sending = true;
      clearTimeout(waiting);
    });
    addEventListener("pagehide", () => { if (waiting) { clearTimeout(waiting); keep(); } });
  }

  // -- a form is sent once, however often its button is pressed
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, 5000);
    });
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // -- progress: a part of the page that is fetched anew until it says that it is over
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const again = async () => {
      try {
        const answer = await fetch(location.href, { headers: { accept: "text/html" } });
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const fresh = page.getElementById(part.id);
          if (!fresh) return location.reload();
          // Only what is different is touched: a screen reader hears the change and nothing else.
          if (fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
          if (!fresh.dataset.fresh) return;
        }
      } catch { /* no connection just now */ }
      setTimeout(again, 1000 * Number(part.dataset.fresh));
    };
    setTimeout(again, 1000 * Number(part.dataset.fresh));
  }

  // -- live preview: what is written is shown as it will be read
  for (const box of document.querySelectorAll("[data-preview]")) {
    const shown = document.getElementById(box.dataset.preview);
    if (!shown) continue;
    const draw = () => { shown.textContent = box.value; };
    box.addEventListener("input", draw);
    draw();
  }

  // -- what stands beside a form is made anew by its "look" as somebody writes
  for (const form of document.querySelectorAll("form[data-live]")) {
    let waiting = 0;
    let newest = 0;
    const look = async () => {
      const mine = ++newest;
      const fields = new URLSearchParams(new FormData(form));
      try {
        const answer = await fetch(form.dataset.look, { method: "POST", body: fields, headers: { accept: "text/html" } });
        if (!answer.ok || mine !== newest) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById(form.dataset.live);
        const shown = document.getElementById(form.dataset.live);
        if (fresh && fresh.innerHTML !== shown.innerHTML) shown.innerHTML = fresh.innerHTML;
      } catch { /* no connection just now: the button does the same */ }
    };
    form.addEventListener("input", (event) => {
      if (document.getElementById(form.dataset.live).contains(event.target)) return;
      clearTimeout(waiting);
      waiting = setTimeout(look, 500);
    });
  }

  // -- a saved reply goes into the box where the caret is
  for (const pick of document.querySelectorAll("[data-into]")) {
    pick.addEventListener("click", (event) => {
      event.preventDefault();
      const box = document.getElementById(pick.dataset.into);
      box.setRangeText(pick.dataset.text, box.selectionStart, box.selectionEnd, "end");
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
