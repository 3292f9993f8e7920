using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kappa.Engine.Instances;
using Kappa.Engine.Reading;
using Kappa.Engine.Records;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>Explains instances of one build: each event that was applied, with the state before and after. Thread-safe.</summary>
internal sealed class ViewHistory<TState>(ShardSet<TState> shards, ILogReader log, ViewRouter<TState> router)
    where TState : class, IViewState<TState>
{
    public async Task<Page<HistoryItem>?> ReadAsync(string key, long after, int take, CancellationToken cancellationToken)
    {
        var shard = shards.Of(key);
        InstanceRecord record;
        using (var bytes = shards.Read(key))
        {
            if (bytes is null)
                return null;
            record = InstanceRecord.Read(bytes.Span);
        }
        var to = Math.Min(record.Version, after + take);
        var items = new List<HistoryItem>();
        using var replay = new Replay<TState>(shards.View, log, router, shard.Store);
        await foreach (var step in replay.StepsAsync(record, after, to, cancellationToken).ConfigureAwait(false))
            items.Add(new HistoryItem(step.Version, step.Recorded.Position, EventJson(step.Recorded), Served(step.Before), Served(step.After)));
        return new Page<HistoryItem>(items, to < record.Version ? to.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static ReadOnlyMemory<byte> Served(byte[]? state) => state is null ? default : ServedState.Of(state);

    private static ReadOnlyMemory<byte> EventJson(in RecordedEvent recorded)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        CloudEventWriter.Write(json, recorded, withPosition: true);
        json.Flush();
        return buffer.WrittenMemory;
    }
}
