using System.Diagnostics.Metrics;
using Kappa.Diagnostics;
using Kappa.Views;
using Kappa.Web.Api;
using Kappa.Web.Http;

namespace Kappa.Web.Hosting;

/// <summary>How views are doing, as gauges: lag per view and partition, instances, quarantines.</summary>
internal sealed class ViewMetrics(IServiceProvider services)
{
    private IReadOnlyList<ViewInfo> _last = [];

    public void Start()
    {
        KappaMetrics.Meter.CreateObservableGauge("kappa.view.lag", Lags, "{event}", "Events between a view's watermark and the end of the log.");
        KappaMetrics.Meter.CreateObservableGauge("kappa.view.instances", () => Each(view => view.Instances), "{instance}");
        KappaMetrics.Meter.CreateObservableGauge("kappa.view.quarantined", () => Each(view => view.Quarantined), "{instance}", "Instances that have stopped.");
        KappaMetrics.Meter.CreateObservableGauge("kappa.view.held", () => Each(view => view.Held), "{event}", "Events that are held.");
        KappaMetrics.Meter.CreateObservableGauge("kappa.capture.lag", CaptureLags, "{event}", "Events of a partition that are not captured yet.");
        KappaMetrics.Meter.CreateObservableGauge("kappa.view.status", Statuses, description: "1 for the status that a view has: live, catching-up, suspect, stale or failed.");
        KappaMetrics.Meter.CreateObservableGauge("kappa.watches", () => services.GetRequiredService<WatchPlaces>().Taken, "{watch}");
    }

    private IEnumerable<Measurement<long>> Lags()
    {
        var log = services.GetRequiredService<Log.ILogReader>();
        return Views().SelectMany(view => Enumerable.Range(0, log.PartitionCount).Select(partition => new Measurement<long>(
            Math.Max(0, log.Next(partition) - view.Watermark[partition]),
            new("kappa.view", view.View), new("kappa.partition", partition))));
    }

    private IEnumerable<Measurement<long>> CaptureLags() => services.GetService<EmbeddedLog>()?.Capture is { } capture
        ? capture.Lags.Select((lag, partition) => new Measurement<long>(lag, new KeyValuePair<string, object?>("kappa.partition", partition)))
        : [];

    private IEnumerable<Measurement<long>> Statuses() => Views().Select(view => new Measurement<long>(
        1, new("kappa.view", view.View), new("kappa.view.version", view.Version), new("kappa.view.status", view.Status.Text())));

    private IEnumerable<Measurement<long>> Each(Func<ViewInfo, long> value) =>
        Views().Select(view => new Measurement<long>(value(view), new KeyValuePair<string, object?>("kappa.view", view.View)));

    /// <summary>A gauge cannot wait: where an engine answers later, it shows what was known the last time.</summary>
    private IReadOnlyList<ViewInfo> Views()
    {
        try
        {
            var list = services.GetRequiredService<IViews>().ListAsync();
            if (list.IsCompletedSuccessfully)
                _last = list.Result;
            else
                list.AsTask().ContinueWith(task => _last = task.Result, CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (EngineStoppedException)
        {
            return [];
        }
        return _last;
    }
}
