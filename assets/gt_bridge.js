// The only script that Dash runs by itself. Every property of `dash_clientside.gt` is a function that
// awaits the modules and calls their export of that name, so that clientside callbacks may come before
// the modules have arrived.
(function () {
  // Plotly draws WebGL at twice the screen's resolution unless told before its first plot, and it comes
  // after the page: it is told as it arrives.
  var plotly = window.Plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: function () {
      return plotly;
    },
    set: function (arrived) {
      plotly = arrived;
      if (arrived && arrived.setPlotConfig) {
        arrived.setPlotConfig({ plotGlPixelRatio: window.devicePixelRatio || 1 });
      }
    },
  });

  var modules = new URL("js/main.mjs", document.currentScript.src).href;
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
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
