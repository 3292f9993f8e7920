using Kappa.Events;

namespace Kappa.Log;

/// <summary>
/// Decides whether an event is a duplicate, exactly: the window proposes positions by hash, and each is compared in full
/// with what stands there, in the group being built or in the log. Used by the partition's writer only.
/// </summary>
internal sealed class RecordedIdentities(PartitionReader reader, DuplicateWindow window) : IDisposable
{
    // Duplicates mostly come in the order in which the first ones came, so the next one is likely in the same frame.
    private LogPage _page = LogPage.Empty(0);

    /// <summary>The position of the event with this identity, of those in the window; -1 if there is none.</summary>
    public long Find(ulong hash, ReadOnlySpan<byte> record, GroupWriter group)
    {
        var candidates = window.Find(hash);
        while (candidates.MoveNext())
        {
            var sequence = candidates.Sequence;
            var other = group.Count > 0 && sequence >= group.Base ? group.Record(sequence) : Recorded(sequence);
            if (Same(EventField.Id, record, other) && Same(EventField.Source, record, other))
                return sequence;
        }
        return -1;
    }

    public void Dispose() => _page.Dispose();

    private ReadOnlySpan<byte> Recorded(long sequence)
    {
        var first = _page.Next - _page.Count;
        if (sequence < first || sequence >= _page.Next)
        {
            var page = reader.Read(sequence, bytesMax: 1, fromFrameStart: true);
            _page.Dispose();
            _page = page;
            first = page.Next - page.Count;
        }
        return _page.Events[(int)(sequence - first)].Record.Span;
    }

    private static bool Same(EventField field, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        EventRecord.Field(a, field).SequenceEqual(EventRecord.Field(b, field));
}
