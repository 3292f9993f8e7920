using System.Diagnostics;
using System.Text;
using Kappa.Events;

namespace Kappa.Diagnostics;

/// <summary>
/// Spans of this engine, under the source name <see cref="SourceName"/>. An event's <c>traceparent</c> extension
/// (CloudEvents distributed tracing, W3C Trace Context) ties append, fold and push together as one trace.
/// </summary>
public static class KappaTracing
{
    public const string SourceName = "Kappa";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>True while somebody listens; the hot path asks once a run and does nothing otherwise.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The span of folding one event; null if its trace is not sampled or it has none.</summary>
    public static Activity? Fold(in RecordedEvent recorded, string view, string key)
    {
        if (ParentOf(recorded) is not { } parent || !ActivityContext.TryParse(parent, null, isRemote: true, out var context))
            return null;
        var span = Source.StartActivity("fold", ActivityKind.Consumer, context);
        span?.SetTag("kappa.view", view).SetTag("kappa.key", key).SetTag("kappa.position", recorded.Position.ToString());
        return span;
    }

    /// <summary>The span of pushing an envelope to a watcher.</summary>
    public static Activity? Push(string? traceParent, string view, string key)
    {
        if (traceParent is null || !ActivityContext.TryParse(traceParent, null, isRemote: true, out var context))
            return null;
        var span = Source.StartActivity("push", ActivityKind.Producer, context);
        span?.SetTag("kappa.view", view).SetTag("kappa.key", key);
        return span;
    }

    /// <summary>The event's <c>traceparent</c>, or null.</summary>
    public static string? ParentOf(in RecordedEvent recorded) =>
        recorded.Extensions.TryGet("traceparent"u8, out var parent) ? Encoding.ASCII.GetString(parent) : null;
}
