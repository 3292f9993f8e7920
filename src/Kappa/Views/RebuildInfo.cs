using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// One build of a view and how far it is. <paramref name="EventsDone"/> and <paramref name="EventsTotal"/> count events of the log, all
/// partitions together; <paramref name="BytesDone"/> and <paramref name="BytesTotal"/> are estimated from a sample of the log.
/// <paramref name="Left"/> is the time to go at the pace since it was started or resumed; null if that is not known or nothing is left.
/// <paramref name="Quarantined"/> counts instances, <paramref name="Held"/> events.
/// </summary>
public sealed record RebuildInfo(
    string Id, string View, int Version, RebuildState State, Cut Watermark, long EventsDone, long EventsTotal,
    long BytesDone, long BytesTotal, double Percent, TimeSpan? Left, long Instances, long Quarantined, long Held, string? Problem);
