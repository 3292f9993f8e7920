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
    /// <summary>A page ends at about so many bytes, whatever was asked for; it has one item at least.</summary>
    private const int PageBytesMax = 8 << 20;

    private readonly PausedReplays<TState> _paused = new();

    public async Task<Page<HistoryItem>?> ReadAsync(string key, long after, int take, CancellationToken cancellationToken)
    {
        InstanceRecord record;
        using (var bytes = shards.Read(key))
        {
            if (bytes is null)
                return null;
            record = InstanceRecord.Read(bytes.Span);
        }
        var to = Math.Min(record.Version, after + take);
        var items = new List<HistoryItem>();
        var (bytesOfPage, last) = (0L, after);
        var replay = _paused.Take(record, after) ?? new Replay<TState>(shards.View, log, router, shards.Of(key).Store);
        try
        {
            await foreach (var step in replay.StepsAsync(record, after, to, cancellationToken).ConfigureAwait(false))
            {
                var before = items.Count > 0 ? items[^1].After : Served(step.Before);
                var item = new HistoryItem(step.Version, step.Recorded.Position, EventJson(step.Recorded), before, Served(step.After));
                items.Add(item);
                last = step.Version;
                bytesOfPage += item.Event.Length + item.Before.Length + item.After.Length;
                if (bytesOfPage >= PageBytesMax)
                    break;
            }
        }
        catch
        {
            replay.Dispose();
            throw;
        }
        if (items.Count == 0 || last == record.Version)
            replay.Dispose();
        else
            _paused.Keep(key, replay);
        return new Page<HistoryItem>(items, items.Count > 0 && last < record.Version ? last.ToString(CultureInfo.InvariantCulture) : null);
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
