using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kappa.Engine.History;
using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Reading;

/// <summary>
/// Folds instances again, version by version, from the positions that their grains give and the log; beside the grain, which does not wait for it. Needs
/// the version's code in this process.
/// </summary>
internal sealed class InstanceHistory(ViewCatalogue catalogue, ILogReader log)
{
    private const int PageBytesMax = 8 << 20;
    private const int PositionsMax = 10_000;

    /// <summary>Explains an instance; null if no event ever came to it.</summary>
    public async Task<Page<HistoryItem>?> ReadAsync(Serving serving, string key, long after, int take, CancellationToken cancellationToken)
    {
        var newest = await serving.ReadAsync(key).ConfigureAwait(false);
        if (newest.Version == 0 && newest.Quarantined is null)
            return null;
        var (items, bytes) = (new List<HistoryItem>(), 0L);
        await foreach (var step in StepsAsync(serving, key, null, null, after, Math.Min(newest.Version, after + take), cancellationToken).ConfigureAwait(false))
        {
            var item = new HistoryItem(step.Version, step.Recorded.Position, EventJson(step.Recorded), items.Count > 0 ? items[^1].After : Served(step.Before), Served(step.After));
            items.Add(item);
            if ((bytes += item.Event.Length + item.Before.Length + item.After.Length) >= PageBytesMax)
                break;
        }
        return new Page<HistoryItem>(items, items.Count > 0 && items[^1].Version < newest.Version ? items[^1].Version.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>True if this process has the code of a build.</summary>
    public bool CanFold(Serving serving) => catalogue.Find(serving.Name.View, serving.Name.Version) is not null;

    /// <summary>The envelopes of versions after one up to another, of the generation of a newer one. Ends early if the instance has another order of events by now, or is gone.</summary>
    /// <param name="record">The record of the newer one.</param>
    /// <param name="from">A state of the same generation, not newer than the first that is wanted, to fold on from.</param>
    public async IAsyncEnumerable<ViewEnvelope> VersionsAsync(Serving serving, ViewEnvelope newest, byte[] record, Checkpoint? from, long after, long to,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var step in StepsAsync(serving, newest.Key, InstanceRecord.Read(record).Generation, from, after, to, cancellationToken).ConfigureAwait(false))
            yield return newest with
            {
                Version = step.Version,
                Token = newest.Token with { Version = step.Version },
                Time = step.Recorded.Time,
                Appended = step.Recorded.Appended,
                Position = step.Recorded.Position,
                State = Served(step.After),
                Quarantined = null,
            };
    }

    private IAsyncEnumerable<ReplayStep> StepsAsync(Serving serving, string key, long? generation, Checkpoint? from, long after, long to, CancellationToken cancellationToken) =>
        (catalogue.Find(serving.Name.View, serving.Name.Version) ?? throw new ViewFailedException(serving.Name.View,
            $"this process has no code of version {serving.Name.Version}, so that it cannot fold it again."))
        .Accept(new Steps(this, serving, key, generation, from, after, to, cancellationToken));

    private async IAsyncEnumerable<ReplayStep> FoldAsync<TState>(View<TState> view, Serving serving, string key, long? generation, Checkpoint? from, long after, long to,
        [EnumeratorCancellation] CancellationToken cancellationToken) where TState : class, IViewState<TState>
    {
        using var fold = new InstanceFold<TState>(view, new ViewRouter<TState>(view, catalogue.Types));
        using var events = new EventFetcher(log);
        fold.Start(key, from);
        byte[]? before = null;
        while (fold.Version < to)
        {
            var run = await serving.Instance(key).PositionsAsync(fold.Version, (int)Math.Min(PositionsMax, to - fold.Version)).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (run.Packed.Length == 0 || run.Generation != (generation ??= run.Generation))
                yield break;
            foreach (var packed in run.Packed)
            {
                if (fold.Version == after)
                    before = fold.Write();
                var recorded = await events.GetAsync(PositionList.Unpack(packed), cancellationToken).ConfigureAwait(false);
                fold.Take(recorded);
                if (fold.Version <= after)
                    continue;
                var now = fold.Write();
                yield return new ReplayStep(fold.Version, recorded, before, now);
                before = now;
            }
        }
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

    private sealed class Steps(InstanceHistory history, Serving serving, string key, long? generation, Checkpoint? from, long after, long to, CancellationToken cancellationToken)
        : IViewVisitor<IAsyncEnumerable<ReplayStep>>
    {
        public IAsyncEnumerable<ReplayStep> Visit<TState>(View<TState> view) where TState : class, IViewState<TState> =>
            history.FoldAsync(view, serving, key, generation, from, after, to, cancellationToken);
    }
}
