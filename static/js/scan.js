// The camera as a scanner, where the browser can read QR codes itself. Comfort only: the field works without it.
(function () {
  "use strict";
  var OURS = /^(PG1|[2-9A-HJKMNP-Z]{12}$)/;  // a printed summary, or a reference code
  var box = document.querySelector("[data-scan]");
  if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices) { return; }
  var form = document.getElementById(box.getAttribute("data-scan"));
  var field = form.querySelector("input[name=code]");
  var button = box.querySelector("button"), video = box.querySelector("video"), status = box.querySelector("[role=status]");
  var labels = [button.textContent, button.getAttribute("data-stop")];
  var stream = null, run = 0, detector;

  function stop() {
    run += 1;
    if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); }
    stream = video.srcObject = null;
    video.hidden = true;
    button.textContent = labels[0];
  }

  function look(mine) {
    if (mine !== run) { return; }
    detector.detect(video).then(function (codes) {
      if (mine !== run) { return; }
      var ours = codes.filter(function (code) { return OURS.test(code.rawValue); })[0];
      if (!ours) { setTimeout(look, 150, mine); return; }
      stop();
      field.value = ours.rawValue;
      form.requestSubmit();
    }, function () { setTimeout(look, 300, mine); });  // no picture yet
  }

  function begin() {
    stop();
    var mine = run;
    status.textContent = "";
    button.textContent = labels[1];
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (given) {
      if (mine !== run) { given.getTracks().forEach(function (track) { track.stop(); }); return; }
      stream = video.srcObject = given;
      video.hidden = false;
      status.textContent = status.getAttribute("data-ready");
      video.play().catch(function () { /* stopped before it began */ });
      look(mine);
    }).catch(function () {
      stop();
      status.textContent = status.getAttribute("data-refused");
    });
  }

  // a second press stops, also while the browser still asks for the camera
  button.addEventListener("click", function () {
    if (button.textContent === labels[0]) { begin(); } else { stop(); status.textContent = ""; }
  });
  window.addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", function () { if (document.hidden) { stop(); } });

  window.BarcodeDetector.getSupportedFormats().then(function (formats) {
    if (formats.indexOf("qr_code") < 0) { return; }
    detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    box.hidden = false;
  }).catch(function () { /* the field is enough */ });
})();
