using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views.Checks;

/// <summary>
/// Hands out all events that a log held when this was made: each partition in its order, the partitions interleaved as
/// asked. Holds one page of each partition at a time.
/// </summary>
internal sealed class LogWalk
{
    private const int PageBytes = 512 << 10;

    private readonly ILogReader _log;

    public LogWalk(ILogReader log)
    {
        _log = log;
        End = new Cut([.. Enumerable.Range(0, log.PartitionCount).Select(log.Next)]);
    }

    /// <summary>Where each partition ended.</summary>
    public Cut End { get; }

    public async Task RunAsync(EventOrder order, RecordedVisitor visit, CancellationToken cancellationToken)
    {
        var open = new List<PartitionCursor>();
        try
        {
            for (var p = 0; p < _log.PartitionCount; p++)
            {
                var cursor = new PartitionCursor(_log, p, _log.First(p), End[p], PageBytes);
                open.Add(cursor);
                if (!await cursor.FillAsync(cancellationToken).ConfigureAwait(false))
                    Close(open, cursor);
            }
            order.Begin();
            while (open.Count > 0)
            {
                var (chosen, count) = order.Choose(open);
                while (count-- > 0)
                {
                    visit(chosen.Current);
                    if (chosen.Advance())
                        continue;
                    if (await chosen.FillAsync(cancellationToken).ConfigureAwait(false))
                        continue;
                    Close(open, chosen);
                    break;
                }
            }
        }
        finally
        {
            foreach (var cursor in open)
                cursor.Dispose();
        }
    }

    private static void Close(List<PartitionCursor> open, PartitionCursor cursor)
    {
        cursor.Dispose();
        open.Remove(cursor);
    }
}
