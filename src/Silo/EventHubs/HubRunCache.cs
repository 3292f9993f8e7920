using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure.Messaging.EventHubs;
using Kappa.Grains.Streams;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streaming.EventHubs;
using Orleans.Streams;

namespace Kappa.Silo.EventHubs;

/// <summary>
/// The provider's cache of one partition: runs that wait for their grains, by stream. The checkpoint follows the oldest stretch of which something
/// waits, so that a restart delivers again rather than not at all; what nobody fetches in time is dropped and left to the auditor, lest one grain
/// hold up a partition. Used by one pulling agent, one call at a time.
/// </summary>
internal sealed class HubRunCache(IStreamQueueCheckpointer<string> checkpointer, TimeProvider time) : IEventHubQueueCache
{
    private const int StretchesPerRead = 1000;

    /// <summary>Longer than runs wait in <see cref="RunCache"/>: by then those of an old stretch are gone, one way or the other.</summary>
    private static readonly TimeSpan _age = TimeSpan.FromSeconds(35);

    private readonly RunCache _runs = new(time);
    private readonly Queue<HubStretch> _stretches = [];

    public List<StreamPosition> Add(List<EventData> message, DateTime dequeueTimeUtc)
    {
        var positions = new List<StreamPosition>();
        foreach (var stretch in message.Select(HubStretch.Of))
        {
            stretch.Since = time.GetTimestamp();
            _stretches.Enqueue(stretch);
            var batches = stretch.Runs.Select((run, place) => new HubRunBatch(run, stretch, place)).ToArray();
            _runs.AddToCache([.. batches]);
            positions.AddRange(batches.Select(batch => new StreamPosition(batch.StreamId, batch.SequenceToken)));
        }
        SignalPurge();
        return positions;
    }

    /// <summary>Purges first: a provider under pressure does not, and a cache full of what nobody fetches would stay full.</summary>
    public int GetMaxAddCount()
    {
        SignalPurge();
        return Math.Min(StretchesPerRead, _runs.GetMaxAddCount());
    }

    public object GetCursor(StreamId streamId, StreamSequenceToken? sequenceToken) => new HubRunCursor(_runs.GetCacheCursor(streamId, sequenceToken));

    public bool TryGetNextMessage(object cursorObj, [NotNullWhen(true)] out IBatchContainer? message)
    {
        message = ((HubRunCursor)cursorObj).Next();
        return message is not null;
    }

    public void SignalPurge()
    {
        _runs.TryPurgeFromCache(out _);
        HubStretch? done = null;
        while (_stretches.TryPeek(out var oldest) && (oldest.Left == 0 || time.GetElapsedTime(oldest.Since) > _age))
            done = _stretches.Dequeue();
        if (done is not null)
            checkpointer.Update(done.Last.ToString(CultureInfo.InvariantCulture), time.GetUtcNow().UtcDateTime, CancellationToken.None);
    }

    public void AddCachePressureMonitor(ICachePressureMonitor monitor)
    {
        // Its own bound is all the pressure there is.
    }

    public void Dispose()
    {
        // Holds memory only.
    }
}
