namespace Kappa.Log;

/// <summary>
/// The file <c>retired.json</c>: where each partition begins whose older segments were retired. It is written before they
/// are deleted, so that a segment that is missing without a word here is damage, and one that is still there is deleted
/// at the next start.
/// </summary>
internal static class RetiredStarts
{
    private const string FileName = "retired.json";

    /// <exception cref="LogCorruptException">The file is damaged.</exception>
    public static Dictionary<int, RetiredStart> Read(IDisk disk, string directory)
    {
        var path = Path.Combine(directory, FileName);
        var starts = new Dictionary<int, RetiredStart>();
        if (!disk.Exists(path))
            return starts;
        if (!CheckedJson.TryRead(disk, path, out var json))
            throw new LogCorruptException($"{path} is damaged: its bytes are not those that were written. Restore it from a backup; the log's data was left untouched.");
        foreach (var one in json.GetProperty("partitions").EnumerateArray())
        {
            var start = new RetiredStart(one.GetProperty("partition").GetInt32(), one.GetProperty("first").GetInt64(),
                one.GetProperty("crc").GetUInt32(), one.GetProperty("ticks").GetInt64());
            starts[start.Partition] = start;
        }
        return starts;
    }

    /// <summary>Deletes what is left of retired segments: a crash may have come between the record and the deletion.</summary>
    public static void Finish(IDisk disk, string directory, IEnumerable<RetiredStart> starts)
    {
        foreach (var start in starts)
        {
            var partition = LogLayout.PartitionDirectory(directory, start.Partition);
            var left = Segment.Bases(disk, partition).Where(found => found < start.First).ToArray();
            foreach (var found in left)
                disk.Delete(Path.Combine(partition, Segment.NameOf(found)));
            if (left.Length > 0)
                disk.FlushDirectory(partition);
        }
    }

    /// <summary>Durably replaces the file.</summary>
    public static void Write(IDisk disk, string directory, IEnumerable<RetiredStart> starts) =>
        CheckedJson.Write(disk, Path.Combine(directory, FileName), json =>
        {
            json.WriteStartArray("partitions");
            foreach (var start in starts.OrderBy(start => start.Partition))
            {
                json.WriteStartObject();
                json.WriteNumber("partition", start.Partition);
                json.WriteNumber("first", start.First);
                json.WriteNumber("crc", start.Crc);
                json.WriteNumber("ticks", start.Ticks);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
}
