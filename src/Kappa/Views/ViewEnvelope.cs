using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// One instance as it is read, listed and pushed: always the same shape. <see cref="Time"/> and <see cref="Position"/>
/// are those of the last applied event, <see cref="Appended"/> its append time; all three are null for an absent instance.
/// Immutable.
/// </summary>
public sealed record ViewEnvelope
{
    public required string View { get; init; }
    public required string Key { get; init; }
    public required int ViewVersion { get; init; }

    /// <summary>How many events the instance has applied; 0 for one that is absent.</summary>
    public required long Version { get; init; }

    public required WatchToken Token { get; init; }
    public DateTimeOffset? Time { get; init; }
    public DateTimeOffset? Appended { get; init; }
    public Position? Position { get; init; }

    /// <summary>The state as JSON, as served (without the fold's own <c>$</c> properties); empty for a deleted or absent instance.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Why the instance has stopped, or null.</summary>
    public Quarantine? Quarantined { get; init; }

    /// <summary>True on a snapshot that does not follow on what the watcher had before.</summary>
    public bool Reset { get; init; }

    /// <summary>The <c>traceparent</c> of the last applied event, or null; not part of the JSON.</summary>
    public string? TraceParent { get; init; }
}
