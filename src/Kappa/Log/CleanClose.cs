namespace Kappa.Log;

/// <summary>
/// The file <c>closed.json</c>: written when a log is closed in good order, gone while it is open. With it there can be no
/// torn tail, so that damage to the last frames is found as such instead of being cut off.
/// </summary>
internal static class CleanClose
{
    private const string FileName = "closed.json";

    /// <summary>Reads the ends; none if the log was not closed, or if the file itself is damaged, which is reported.</summary>
    public static IReadOnlyDictionary<int, CleanEnd> Read(IDisk disk, string directory, List<RecoveryReport> reports)
    {
        var path = Path.Combine(directory, FileName);
        var ends = new Dictionary<int, CleanEnd>();
        if (!disk.Exists(path))
            return ends;
        if (!CheckedJson.TryRead(disk, path, out var json))
        {
            reports.Add(new RecoveryReport(-1, 0, $"{path} was damaged and ignored: the log was checked as after a crash"));
            return ends;
        }
        foreach (var end in json.GetProperty("ends").EnumerateArray())
        {
            var clean = new CleanEnd(end.GetProperty("partition").GetInt32(), end.GetProperty("segment").GetInt64(),
                end.GetProperty("bytes").GetInt64(), end.GetProperty("next").GetInt64());
            ends[clean.Partition] = clean;
        }
        return ends;
    }

    /// <summary>Durably replaces the file, or removes it if there are no ends.</summary>
    public static void Write(IDisk disk, string directory, IReadOnlyCollection<CleanEnd> ends)
    {
        var path = Path.Combine(directory, FileName);
        if (ends.Count > 0)
        {
            CheckedJson.Write(disk, path, json =>
            {
                json.WriteStartArray("ends");
                foreach (var end in ends)
                {
                    json.WriteStartObject();
                    json.WriteNumber("partition", end.Partition);
                    json.WriteNumber("segment", end.Segment);
                    json.WriteNumber("bytes", end.Bytes);
                    json.WriteNumber("next", end.Next);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        }
        else if (disk.Exists(path))
        {
            disk.Delete(path);
            disk.FlushDirectory(directory);
        }
    }
}
