/* Files of an answer go up as soon as they are chosen, piece by piece, and survive a cut. Without this script the form
   sends them all at once, sealed the same way. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-uploads]");
  if (!form || !window.fetch || !window.File || !File.prototype.slice) return;

  var PIECE = 4 * 1024 * 1024;
  var TRIES = 6;
  var words = form.dataset;
  var waiting = form.querySelector("[data-wait]");
  var token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  var busy = 0;
  var session = null;
  var queue = Promise.resolve();

  function call(method, address, body, headers) {
    var isJson = !(body instanceof Blob);
    return fetch(address, {
      method: method,
      credentials: "same-origin",
      headers: Object.assign(
        {
          "X-CSRFToken": token,
          "If-Match": "*",
          "Accept": "application/json",
          "Accept-Language": document.documentElement.lang,
          "Content-Type": isJson ? "application/json" : "application/offset+octet-stream"
        },
        headers || {}
      ),
      body: isJson && body ? JSON.stringify(body) : body
    }).then(function (answer) {
      if (answer.status === 204) return null;
      return answer.json().then(function (told) {
        if (answer.ok) return told;
        var error = new Error(told.detail || words.failed);
        if (told.errors && told.errors.length) error.message = told.errors[0].detail || error.message;
        error.status = answer.status;
        throw error;
      });
    });
  }

  function opened() {
    if (!session) {
      session = call("POST", words.uploads, {
        tender: Number(words.tender),
        bidder: Number(words.bidder)
      }).catch(function (error) {
        session = null;
        throw error;
      });
    }
    return session;
  }

  function pause(milliseconds) {
    return new Promise(function (resolve) {
      setTimeout(resolve, milliseconds);
    });
  }

  function received(upload, sent) {
    return call("GET", words.uploads + upload.id + "/").then(function (told) {
      var found = told.files.filter(function (file) {
        return file.id === sent.id;
      });
      return found.length ? found[0] : sent;
    });
  }

  function send(upload, sent, file, row, tries) {
    row.bar.value = sent.received;
    row.bar.textContent = Math.floor((100 * sent.received) / file.size) + " %";
    if (sent.is_complete) return sent;
    var piece = file.slice(sent.received, sent.received + PIECE);
    return call("PUT", words.uploads + upload.id + "/files/" + sent.id + "/", piece, {
      "Upload-Offset": String(sent.received)
    }).then(
      function (next) {
        return send(upload, next, file, row, 0);
      },
      function (error) {
        var isFinal = error.status && error.status !== 409 && error.status < 500;
        if (isFinal || tries >= TRIES) throw error;
        row.status.textContent = words.again;
        return pause(500 * Math.pow(2, tries))
          .then(function () {
            return received(upload, sent);
          })
          .catch(function () {
            return sent;
          })
          .then(function (known) {
            return send(upload, known, file, row, tries + 1);
          });
      }
    );
  }

  function line(list, file) {
    var item = document.createElement("li");
    var name = document.createElement("span");
    var bar = document.createElement("progress");
    var status = document.createElement("span");
    name.textContent = file.name;
    bar.max = file.size;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    status.textContent = words.sending;
    status.className = "jalon-soft";
    item.append(name, " ", bar, " ", status);
    list.append(item);
    return { item: item, bar: bar, status: status };
  }

  function remember(sent, file) {
    var hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "nom-" + sent.id;
    hidden.value = file.name;
    form.append(hidden);
  }

  function removable(upload, sent, row) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "fr-btn fr-btn--tertiary fr-btn--sm";
    button.textContent = words.remove;
    button.addEventListener("click", function () {
      call("DELETE", words.uploads + upload.id + "/files/" + sent.id + "/").then(function () {
        row.item.remove();
      });
    });
    row.item.append(" ", button);
  }

  function failed(row, file, lot, list, error) {
    row.status.textContent = error.message || words.failed;
    row.status.className = "jalon-error";
    if (error.status && error.status < 500 && error.status !== 409) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "fr-btn fr-btn--secondary fr-btn--sm";
    button.textContent = words.resume;
    button.addEventListener("click", function () {
      row.item.remove();
      add(file, lot, list, row.upload, row.sent);
    });
    row.item.append(" ", button);
  }

  function add(file, lot, list, upload, sent) {
    var row = line(list, file);
    row.upload = upload;
    row.sent = sent;
    busy += 1;
    queue = queue
      .then(opened)
      .then(function (found) {
        row.upload = found;
        if (row.sent) return received(found, row.sent);
        return call("POST", words.uploads + found.id + "/files/", { name: file.name, size: file.size, lot: lot });
      })
      .then(function (announced) {
        row.sent = announced;
        return send(row.upload, announced, file, row, 0);
      })
      .then(
        function (whole) {
          row.status.textContent = words.done;
          remember(whole, file);
          removable(row.upload, whole, row);
        },
        function (error) {
          failed(row, file, lot, list, error);
        }
      )
      .then(function () {
        busy -= 1;
        if (!busy) waiting.textContent = "";
      });
  }

  // A price schedule is read by the page, not sealed: it goes with the form.
  form.querySelectorAll("input[type=file]:not([name^=bordereau-])").forEach(function (input) {
    var found = /^lot-(\d+)-/.exec(input.name);
    var list = document.createElement("ul");
    list.className = "tender-uploads";
    list.setAttribute("aria-live", "polite");
    input.after(list);
    input.addEventListener("change", function () {
      var files = Array.prototype.slice.call(input.files);
      input.value = "";
      files.forEach(function (file) {
        add(file, found ? Number(found[1]) : null, list);
      });
    });
  });

  form.addEventListener(
    "submit",
    function (event) {
      if (!busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting.textContent = words.wait;
      waiting.focus();
    },
    true
  );
})();
