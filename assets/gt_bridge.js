// The only script that Dash runs by itself. Every property of `dash_clientside.gt` is a function that
// awaits the modules and calls their export of that name, so that clientside callbacks may come before
// the modules have arrived.
(function () {
  /** @type {Window & {Plotly?: any, dash_clientside?: object}} */
  var page = window;

  // Plotly draws WebGL at twice the screen's resolution unless told before its first plot, and it comes
  // after the page: it is told as it arrives. Dash, which looks for it when a graph is mounted and would
  // else fetch and run all of it a second time, is told to wait while it is on its way.
  var plotly = page.Plotly;
  /** @type {Promise<void>|undefined} */
  var coming;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: function () {
      return plotly || (coming = coming || comes());
    },
    set: function (arrived) {
      if (plotly) return; // there is one
      plotly = arrived;
      if (arrived && arrived.setPlotConfig) {
        arrived.setPlotConfig({ plotGlPixelRatio: window.devicePixelRatio || 1 });
      }
    },
  });

  /** @type {WeakSet<EventTarget>} scripts that did not come */
  var lost = new WeakSet();
  document.addEventListener(
    "error",
    function (event) {
      if (event.target) lost.add(event.target);
    },
    true,
  );
  /** When the Plotly that the page has asked for is there; undefined where it has asked for none. */
  function comes() {
    var asked = /** @type {HTMLScriptElement|null} */ (document.querySelector("script[defer][src*='plotly']"));
    if (!asked) return undefined;
    var src = asked.src;
    var again = lost.has(asked);
    return new Promise(function (done, failed) {
      /** @param {HTMLScriptElement} one @param {() => void} otherwise */
      function wait(one, otherwise) {
        one.addEventListener("load", function () {
          done(undefined);
        });
        one.addEventListener("error", otherwise);
      }
      function once() {
        var other = document.createElement("script");
        wait(other, function () {
          failed(new Error("plotly.js did not come; reload the page"));
        });
        other.src = src;
        document.body.append(other);
      }
      if (again) once();
      else wait(/** @type {HTMLScriptElement} */ (asked), once);
    });
  }

  var script = /** @type {HTMLScriptElement} */ (document.currentScript);
  var modules = new URL("js/main.mjs", script.src).href;
  page.dash_clientside = Object.assign({}, page.dash_clientside, {
    gt: new Proxy(
      {},
      {
        get: function (_, name) {
          return async function () {
            var main = await import(modules);
            if (typeof main[name] !== "function") {
              throw new Error("gt_bridge: js/main.mjs exports no function " + String(name));
            }
            return main[name].apply(null, arguments);
          };
        },
      },
    ),
  });
})();
