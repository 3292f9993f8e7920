using Kappa.Events;
using Kappa.Log;

namespace Kappa.Capture;

/// <summary>Reads capture files back from their store and compares every event with the log, as far as the log still has it.</summary>
internal sealed class CaptureVerification(FileLog log, ICaptureStore store)
{
    private const int PageBytes = 512 << 10;

    /// <exception cref="CaptureCorruptException">The file is damaged, or holds something else than the log does.</exception>
    public async ValueTask RunAsync(int partition, string path, CaptureIndex index, CancellationToken cancellationToken)
    {
        var page = LogPage.Empty(0);
        try
        {
            await CaptureIndexFile.ScanAsync(store, path, cancellationToken, index, CompareAsync).ConfigureAwait(false);
        }
        finally
        {
            page.Dispose();
        }

        async ValueTask CompareAsync(ReadOnlyMemory<RecordedEvent> events)
        {
            for (var i = 0; i < events.Length; i++)
            {
                var position = events.Span[i].Position;
                if (position.Sequence < log.First(partition))
                    continue;
                if (position.Sequence >= page.Next)
                {
                    page.Dispose();
                    page = LogPage.Empty(0);
                    page = await log.ReadAsync(partition, position.Sequence, PageBytes, cancellationToken).ConfigureAwait(false);
                }
                if (!IsSame(events.Span[i], page.Events[(int)(position.Sequence - (page.Next - page.Count))]))
                    throw new CaptureCorruptException(store.Describe(path), index.Blocks[index.Find(position.Sequence)].Offset, $"the event at {position} is not the one in the log");
            }
        }
    }

    private static bool IsSame(in RecordedEvent a, in RecordedEvent b) =>
        a.Position == b.Position && a.AppendedTicks == b.AppendedTicks && a.Record.Span.SequenceEqual(b.Record.Span);
}
