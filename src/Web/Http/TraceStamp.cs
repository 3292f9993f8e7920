using System.Buffers.Binary;
using System.Text;
using Kappa.Events;

namespace Kappa.Web.Http;

/// <summary>
/// Ties events to the trace of the request that brought them: those without a <c>traceparent</c> extension get the
/// request's, from which fold and push go on. Only requests that are traced pay for it; the other attributes and the data
/// stay as they are.
/// </summary>
internal static class TraceStamp
{
    private static ReadOnlySpan<byte> Name => "traceparent"u8;

    /// <summary>
    /// A new batch with the same events; the old one is disposed. What is within the limits stays so: an event that would
    /// pass them with one more extension is left as it is, and so is the batch itself, which is then returned.
    /// </summary>
    public static EventBatch Put(EventBatch batch, string traceParent, WebLimits limits)
    {
        var value = Encoding.ASCII.GetBytes(traceParent);
        var entryBytes = EventExtensions.EntryHeaderBytes + Name.Length + value.Length;
        var bytesMost = batch.Bytes + (long)batch.Count * entryBytes;
        if (bytesMost > limits.RequestBytesMax)
            return batch;
        var stamped = new EventBatch((int)bytesMost);
        for (var i = 0; i < batch.Count; i++)
        {
            var record = batch.Record(i);
            if (record.Length + entryBytes > limits.EventBytesMax || !TakesOneMore(new EventExtensions(EventRecord.Field(record, EventField.Extensions))))
                record.CopyTo(stamped.Reserve(record.Length));
            else
                record = Extended(stamped, record, value, entryBytes);
            stamped.Complete(record.Length);
        }
        batch.Dispose();
        return stamped;
    }

    private static bool TakesOneMore(EventExtensions extensions)
    {
        var count = 0;
        foreach (var extension in extensions)
            if (++count == EventExtensions.CountMax || extension.Name.SequenceEqual(Name))
                return false;
        return true;
    }

    private static ReadOnlySpan<byte> Extended(EventBatch stamped, ReadOnlySpan<byte> record, byte[] value, int entryBytes)
    {
        Span<int> lengths = stackalloc int[EventRecord.FieldCount];
        var fields = 0;
        for (var field = EventField.Id; field <= EventField.Extensions; field++)
            fields += lengths[(int)field] = EventRecord.Field(record, field).Length;
        lengths[(int)EventField.Extensions] += entryBytes;
        var target = stamped.Reserve(record.Length + entryBytes);
        EventRecord.WriteHeader(target, EventRecord.DataKind(record), EventRecord.TimeTicks(record), lengths);
        // The extensions are the last field, so the entry goes between the fields and the data.
        var end = EventRecord.HeaderBytes + fields;
        record[EventRecord.HeaderBytes..end].CopyTo(target[EventRecord.HeaderBytes..]);
        var entry = target[end..];
        entry[0] = (byte)EventExtensionKind.Text;
        entry[1] = (byte)Name.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[2..], (uint)value.Length);
        Name.CopyTo(entry[EventExtensions.EntryHeaderBytes..]);
        value.CopyTo(entry[(EventExtensions.EntryHeaderBytes + Name.Length)..]);
        record[end..].CopyTo(entry[entryBytes..]);
        return target;
    }
}
