using Kappa.Grains.Streams;
using Orleans.Runtime;
using Orleans.Streaming.EventHubs;
using Orleans.Streams;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// A run of events of one instance on its way from the hub to its grain. Its token is the last sequence of the stretch that it came in, and
/// its place there, so that tokens of a stream ascend.
/// </summary>
[GenerateSerializer, Immutable]
internal sealed class HubRunBatch : IBatchContainer
{
    [Id(0)] private readonly StreamId _streamId;
    [Id(1)] private readonly EventRun _run;
    [Id(2)] private readonly EventHubSequenceTokenV2 _token;

    public HubRunBatch(InstanceRun run, HubStretch stretch, int place)
    {
        (_streamId, _run, Stretch) = (run.Stream, run.Events, stretch);
        // Without an offset: how far deliveries have come is ours to tell, by stretches (see HubRunCache).
        _token = new EventHubSequenceTokenV2("", stretch.Last, place);
    }

    /// <summary>What it came in; null beyond the silo that received it.</summary>
    [field: NonSerialized]
    public HubStretch? Stretch { get; }

    public StreamId StreamId => _streamId;
    public StreamSequenceToken SequenceToken => _token;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => _run is T item ? [Tuple.Create<T, StreamSequenceToken>(item, _token)] : [];

    public bool ImportRequestContext() => false;
}
