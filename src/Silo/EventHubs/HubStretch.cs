using Azure.Messaging.EventHubs;
using Kappa.Grains.Streams;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// What was received of a partition at once, as runs for the streams of its instances. The provider knows messages only, so
/// it travels through the provider in one, and is taken out in the cache.
/// </summary>
internal sealed class HubStretch(int partition, long last, List<InstanceRun> runs)
{
    private const string Property = "kappa:stretch";

    public int Partition => partition;

    /// <summary>The sequence of its last event, routed or not.</summary>
    public long Last => last;

    public IReadOnlyList<InstanceRun> Runs => runs;

    /// <summary>How many of its runs are not done with yet.</summary>
    public int Left { get; set; } = runs.Count;

    /// <summary>When it was received.</summary>
    public long Since { get; set; }

    public EventData ToMessage(DateTimeOffset appended) => EventHubsModelFactory.EventData(
        BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty), new Dictionary<string, object> { [Property] = this }, null, null, last, "", appended);

    public static HubStretch Of(EventData message) => (HubStretch)message.Properties[Property];
}
