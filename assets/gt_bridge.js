// The only script that Dash runs by itself. Every property of `dash_clientside.gt` is a function that
// awaits the modules and calls their export of that name, so that clientside callbacks may come before
// the modules have arrived.
(function () {
  /** @type {Window & {Plotly?: any, dash_clientside?: object}} */
  var page = window;

  // Plotly draws WebGL at twice the screen's resolution unless told before its first plot, and it comes
  // after the page: it is told as it arrives.
  var plotly = page.Plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: function () {
      return plotly;
    },
    set: function (arrived) {
      if (plotly) return; // Dash asked for it while it was on its way: graphs have one
      plotly = arrived;
      if (arrived && arrived.setPlotConfig) {
        arrived.setPlotConfig({ plotGlPixelRatio: window.devicePixelRatio || 1 });
      }
    },
  });

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
