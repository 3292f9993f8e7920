using Azure.Messaging.EventHubs.Consumer;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// Where a reader of a partition begins: at its first event, at or behind a sequence, or at the first event of a time. The service refuses a sequence
/// beyond the last one, also one that is yet to come.
/// </summary>
internal readonly record struct HubPosition(long? Sequence, bool IsInclusive, DateTimeOffset? Enqueued)
{
    /// <summary>From a sequence on, which need not be there yet; or from where retention left it.</summary>
    public static HubPosition From(long next) => next == 0 ? default : new(next - 1, IsInclusive: false, null);

    /// <summary>From the first event that the hub took at a time or later.</summary>
    public static HubPosition From(DateTimeOffset enqueued) => new(null, true, enqueued);

    public EventPosition ToEventPosition() => Enqueued is { } enqueued ? EventPosition.FromEnqueuedTime(enqueued)
        : Sequence is { } sequence ? EventPosition.FromSequenceNumber(sequence, IsInclusive)
        : EventPosition.Earliest;
}
