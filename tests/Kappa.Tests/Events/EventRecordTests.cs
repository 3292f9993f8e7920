using Kappa.Events;

namespace Kappa.Tests.Events;

public sealed class EventRecordTests
{
    private const string Sent = """
        {"specversion":"1.0","id":"o-1","source":"/shop","type":"x.y","subject":"é","time":"2011-05-31T12:00:00+02:00","datacontenttype":"a/json","dataschema":"urn:s","ext":"v","n":-5,"b":true,"data":[1]}
        """;

    // Pinned: logs hold these bytes for good. A record that differs needs another format byte, and readers for both.
    private const string Golden =
        "01" + "01" + "00504EA390EDCD08" // format, data kind, time
        + "03000000" + "08000000" + "0B000000" + "0D000000" + "26000000" + "2C000000" + "31000000" + "4F000000" // ends of the fields
        + "6F2D31" + "2F73686F70" + "782E79" + "C3A9" // id, source, type, subject
        + "323031312D30352D33315431323A30303A30302B30323A3030" + "612F6A736F6E" + "75726E3A73" // time, datacontenttype, dataschema
        + "00" + "03" + "01000000" + "657874" + "76" // text ext = v
        + "02" + "01" + "02000000" + "6E" + "2D35" // integer n = -5
        + "01" + "01" + "04000000" + "62" + "74727565" // boolean b = true
        + "5B315D"; // data

    [Fact]
    public void The_bytes_of_a_record_are_pinned() => Assert.Equal(Golden, Convert.ToHexString(Reading.One(Sent).Records[0]));

    [Fact]
    public void Damage_to_the_layout_is_noticed_before_a_field_is_read()
    {
        var record = Convert.FromHexString(Golden);
        Assert.True(EventRecord.IsWellFormed(record));
        for (var length = 0; length < record.Length - 3; length++)
            Assert.False(EventRecord.IsWellFormed(record.AsSpan(0, length)));
        for (var at = 0; at < record.Length; at++)
            for (var bit = 0; bit < 8; bit++)
            {
                record[at] ^= (byte)(1 << bit);
                if (EventRecord.IsWellFormed(record))
                    ReadAll(record);
                record[at] ^= (byte)(1 << bit);
            }
    }

    [Fact]
    public void The_partition_key_is_the_extension_else_the_subject_else_the_id()
    {
        Assert.Equal("1"u8, Reading.One(Reading.Minimal()).Event().PartitionKey);
        Assert.Equal("s"u8, Reading.One(Reading.Minimal("\"subject\":\"s\"")).Event().PartitionKey);
        Assert.Equal("k"u8, Reading.One(Reading.Minimal("\"subject\":\"s\",\"partitionkey\":\"k\"")).Event().PartitionKey);
    }

    [Fact]
    public void An_event_without_a_time_counts_as_of_its_append()
    {
        var recorded = Reading.One(Reading.Minimal()).Event();
        Assert.Equal(recorded.AppendedTicks, recorded.TimeTicks);
    }

    [Fact]
    public void Reading_allocates_nothing_per_event()
    {
        var one = Reading.Minimal("""
            "subject":"customer/17850","time":"2010-12-01T08:26:00\u002B00:00","partitionkey":"k\u0041","n":5,"b":true,"data":{"orderId":"536365","lines":[1,2,3]}
            """);
        var json = System.Text.Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat(one, 1000)) + "]");
        using var batch = new EventBatch();
        var problems = new List<EventProblem>();
        var reader = SampleEvents.Reader();
        Assert.Equal(EventReadResult.Ok, reader.ReadBatch(json, batch, problems));
        batch.Clear();

        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.ReadBatch(json, batch, problems);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
        Assert.Equal(1000, batch.Count);
    }

    private static void ReadAll(byte[] record)
    {
        for (var field = EventField.Id; field <= EventField.Extensions; field++)
            _ = EventRecord.Field(record, field).Length;
        foreach (var extension in new EventExtensions(EventRecord.Field(record, EventField.Extensions)))
            _ = extension.Name.Length + extension.Value.Length;
        _ = EventRecord.PartitionKey(record).Length + EventRecord.Data(record).Length;
    }
}
