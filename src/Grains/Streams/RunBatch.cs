using Orleans;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Kappa.Grains.Streams;

/// <summary>A run of events on its way from the log to a grain.</summary>
[GenerateSerializer, Immutable]
internal sealed class RunBatch(StreamId streamId, EventRun run, EventSequenceTokenV2 token) : IBatchContainer
{
    [Id(0)] private readonly StreamId _streamId = streamId;
    [Id(1)] private readonly EventRun _run = run;
    [Id(2)] private readonly EventSequenceTokenV2 _token = token;

    public StreamId StreamId => _streamId;
    public StreamSequenceToken SequenceToken => _token;
    public EventRun Run => _run;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => _run is T item ? [Tuple.Create<T, StreamSequenceToken>(item, _token)] : [];

    public bool ImportRequestContext() => false;
}
