using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests;

/// <summary>Events as a log of 4 partitions would record them, in memory.</summary>
internal static class RecordedEvents
{
    public static IEnumerable<RecordedEvent> Of(IEnumerable<CloudEvent> events)
    {
        var next = new long[4];
        using var batch = new EventBatch();
        foreach (var made in events)
        {
            batch.Clear();
            batch.Add(made);
            var partition = StableHash.Bucket(batch.PartitionHash(0), next.Length);
            yield return new RecordedEvent(batch.Record(0).ToArray(), new Position(partition, next[partition]++), appendedTicks: 0);
        }
    }
}
