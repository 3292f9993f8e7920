using System.Diagnostics;
using Kappa.Diagnostics;
using Kappa.Views;

namespace Kappa.Web.Http;

/// <summary>The ends of an event's trace that HTTP sees: the append, and the push of the state that the event made.</summary>
internal static class WebTracing
{
    public static Activity? Append() => KappaTracing.Source.StartActivity("append", ActivityKind.Producer);

    /// <summary>Counts a push, and starts its span; null, at the price of one check, when nobody listens or the event was not traced.</summary>
    public static Activity? Push(ViewEnvelope state)
    {
        WebMetrics.Pushed.Add(1);
        return KappaTracing.IsOn ? KappaTracing.Push(state.TraceParent, state.View, state.Key) : null;
    }
}
