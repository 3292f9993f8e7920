using System.Diagnostics.Metrics;
using Kappa.Diagnostics;

namespace Kappa.Web.Http;

/// <summary>What the HTTP side counts, on the core's meter. Free of cost while nobody listens.</summary>
internal static class WebMetrics
{
    public static readonly Counter<long> Appended = KappaMetrics.Meter.CreateCounter<long>("kappa.events.appended", "{event}", "Events appended, without duplicates.");
    public static readonly Counter<long> Duplicates = KappaMetrics.Meter.CreateCounter<long>("kappa.events.duplicates", "{event}", "Appended events that were in the log already.");
    public static readonly Histogram<double> AppendSeconds = KappaMetrics.Meter.CreateHistogram<double>("kappa.append.duration", "s", "From a whole request to durable.");
    public static readonly Counter<long> Pushed = KappaMetrics.Meter.CreateCounter<long>("kappa.states.pushed", "{state}", "States sent to watchers.");
}
