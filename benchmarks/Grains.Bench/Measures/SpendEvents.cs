using Kappa.Events;
using Kappa.Log;

namespace Kappa.GrainsBench.Measures;

/// <summary>Reads events as a host does: by the registered types, with the limits of a host.</summary>
internal static class SpendEvents
{
    public const string View = "customer-spend";

    public static EventTypes Types { get; } = ShippedViews.Events();

    public static CloudEventReader Reader { get; } = new(Types, UnknownTypes.Accept, new LogOptions().EventBytesMax, new LogOptions().RequestEventsMax);
}
