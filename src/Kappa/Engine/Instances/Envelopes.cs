using Kappa.Engine.Records;
using Kappa.Views;

namespace Kappa.Engine.Instances;

/// <summary>Makes envelopes: of an instance in memory, of a stored record, of an absent key.</summary>
internal static class Envelopes
{
    public static ViewEnvelope Of<TState>(View view, ViewInstance<TState> instance, long generation, ReadOnlySpan<byte> state, string? traceParent)
        where TState : class, IViewState<TState> => new()
    {
        View = view.Name,
        Key = instance.Key,
        ViewVersion = view.Version,
        Version = instance.Version,
        Token = new WatchToken(generation, instance.Version),
        Time = instance.Version == 0 ? null : new DateTimeOffset(instance.TimeTicks, TimeSpan.Zero),
        Appended = instance.Version == 0 ? null : new DateTimeOffset(instance.AppendedTicks, TimeSpan.Zero),
        Position = instance.Version == 0 ? null : instance.Last,
        State = instance.State is null ? default : ServedState.Of(state),
        Quarantined = instance.Quarantine,
        TraceParent = traceParent,
    };

    /// <param name="generation">The build's; an instance that was folded again in another order since has a newer one.</param>
    public static ViewEnvelope Of(View view, InstanceRecord record, ReadOnlySpan<byte> bytes, long generation) => new()
    {
        View = view.Name,
        Key = record.Key,
        ViewVersion = view.Version,
        Version = record.Version,
        Token = new WatchToken(Math.Max(record.Generation, generation), record.Version),
        Time = record.Version == 0 ? null : new DateTimeOffset(record.TimeTicks, TimeSpan.Zero),
        Appended = record.Version == 0 ? null : new DateTimeOffset(record.AppendedTicks, TimeSpan.Zero),
        Position = record.Version == 0 ? null : record.Last,
        State = record.HasState ? ServedState.Of(bytes[record.StateOffset..]) : default,
        Quarantined = record.Quarantine,
    };

    public static ViewEnvelope Absent(View view, string key, long generation) => new()
    {
        View = view.Name, Key = key, ViewVersion = view.Version, Version = 0, Token = new WatchToken(generation, 0), State = default,
    };
}
