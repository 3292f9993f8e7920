using System.Text;
using Kappa.Log;

namespace Kappa.Cli.Import;

/// <summary>
/// Imports one file: events go out in windows, each window split into lanes by partition key. Lanes run side by side, events of
/// one key stay in their order, and the checkpoint moves on once a window is stored.
/// </summary>
internal sealed class ImportRun(IImportTarget target, Checkpoint checkpoint)
{
    public const int Lanes = 4;
    public const int BatchEventsMax = 500;
    public const int BatchBytesMax = 4 << 20;

    private const int WindowEventsMax = Lanes * BatchEventsMax;

    public Appended Appended { get; private set; }

    /// <summary>How many events of the file are stored, those of earlier runs included.</summary>
    public long Events { get; private set; }

    /// <summary>How many of them were stored by earlier runs.</summary>
    public long Skipped { get; private set; }

    /// <summary>Appends what the checkpoint does not know of yet.</summary>
    public async Task RunAsync(IEnumerable<ImportedEvent> events, Action onWindow, CancellationToken cancellationToken)
    {
        Skipped = Events = checkpoint.State.Events;
        if (checkpoint.State.IsDone)
            return;
        foreach (var window in events.Skip(checked((int)Skipped)).Chunk(WindowEventsMax))
        {
            var lanes = window.GroupBy(Lane).Select(lane => AppendLaneAsync(lane, cancellationToken)).ToArray();
            foreach (var appended in await Task.WhenAll(lanes))
                Appended += appended;
            Events += window.Length;
            checkpoint.Save(Events, isDone: false, Math.Max(checkpoint.State.LogEvents, Appended.New));
            onWindow();
        }
        checkpoint.Save(Events, isDone: true, (await target.LookAsync(cancellationToken)).Events);
    }

    private async Task<Appended> AppendLaneAsync(IEnumerable<ImportedEvent> lane, CancellationToken cancellationToken)
    {
        var (appended, batch, bytes) = (new Appended(), new List<ImportedEvent>(), 0);
        foreach (var one in lane)
        {
            if (batch.Count == BatchEventsMax || bytes + one.Json.Length > BatchBytesMax && batch.Count > 0)
            {
                appended += await target.AppendAsync(batch, cancellationToken);
                (batch, bytes) = ([], 0);
            }
            batch.Add(one);
            bytes += one.Json.Length + 1;
        }
        return appended + await target.AppendAsync(batch, cancellationToken);
    }

    private static int Lane(ImportedEvent one) => StableHash.Partition(Encoding.UTF8.GetBytes(one.PartitionKey), Lanes);
}
