using System.Text.Json;

namespace Kappa.Log;

/// <summary>
/// What is fixed for the life of a log, in its file <c>log.json</c>. The log's directory:
/// <code>
///   log.json        this
///   log.lock        held, with the holder's process id in it, while the log is open
///   closed.json     where each partition ended; there only after a clean close (see <see cref="CleanClose"/>)
///   retired.json    where partitions begin whose older segments were retired (see <see cref="RetiredStarts"/>)
///   00/ 01/ ...     the partitions
///     00000000000000000000.log   segments, named by the sequence of their first event
/// </code>
/// </summary>
internal sealed record LogLayout(int Partitions, int DuplicateWindow, long LogId)
{
    private const int Format = 1;
    private const string FileName = "log.json";

    /// <summary>Reads the layout of the log in a directory; makes a new log, durably, if there is none.</summary>
    public static LogLayout Open(IDisk disk, string directory, LogOptions options, TimeProvider time)
    {
        var path = Path.Combine(directory, FileName);
        if (!disk.Exists(path))
            Create(disk, directory, path, options, time);
        // It may be there without being durable, if the process ended just when it had been made.
        disk.FlushDirectory(directory);
        if (!CheckedJson.TryRead(disk, path, out var json))
            throw new LogCorruptException($"{path} is damaged: its bytes are not those that were written. Restore it from a backup; the log's data was left untouched.");
        var format = json.GetProperty("format").GetInt32();
        if (format != Format)
            throw new InvalidOperationException($"The log in {directory} has format {format}, but this program knows format {Format} only; use a program of its time.");
        var layout = new LogLayout(json.GetProperty("partitions").GetInt32(), json.GetProperty("duplicateWindow").GetInt32(), json.GetProperty("logId").GetInt64());
        Agree(directory, nameof(LogOptions.Partitions), options.Partitions, layout.Partitions);
        Agree(directory, nameof(LogOptions.DuplicateWindow), options.DuplicateWindow, layout.DuplicateWindow);
        return layout;
    }

    public static bool Exists(IDisk disk, string directory) => disk.Exists(Path.Combine(directory, FileName));

    public static string PartitionDirectory(string directory, int partition) => Path.Combine(directory, $"{partition:00}");

    private static void Create(IDisk disk, string directory, string path, LogOptions options, TimeProvider time)
    {
        var layout = new LogLayout(options.Partitions ?? LogOptions.PartitionsDefault,
            options.DuplicateWindow ?? LogOptions.DuplicateWindowDefault, time.GetUtcNow().UtcTicks);
        ThrowIfData(disk, directory, path);
        // The layout comes last: once it is there every partition has its first segment, and a missing one is a loss.
        for (var p = 0; p < layout.Partitions; p++)
        {
            var partition = PartitionDirectory(directory, p);
            disk.CreateDirectory(partition);
            disk.Open(Path.Combine(partition, Segment.NameOf(0))).Dispose();
            disk.FlushDirectory(partition);
        }
        FlushWithParents(disk, directory);
        CheckedJson.Write(disk, path, json =>
        {
            json.WriteNumber("format", Format);
            json.WriteNumber("partitions", layout.Partitions);
            json.WriteNumber("duplicateWindow", layout.DuplicateWindow);
            json.WriteNumber("logId", layout.LogId);
        });
    }

    /// <summary>The directories above may be new as well, and a log is only as durable as the way to it.</summary>
    private static void FlushWithParents(IDisk disk, string directory)
    {
        for (var made = directory; made is not null; made = Path.GetDirectoryName(made))
            disk.FlushDirectory(made);
    }

    /// <summary>A log that lost its layout must not be taken for a new one.</summary>
    private static void ThrowIfData(IDisk disk, string directory, string path)
    {
        foreach (var partition in disk.Directories(directory).Select(name => Path.Combine(directory, name)))
            foreach (var name in disk.Files(partition))
            {
                if (!Segment.TryParseName(name, out _))
                    continue;
                using var file = disk.Open(Path.Combine(partition, name));
                if (file.Length > 0)
                    throw new LogCorruptException($"{path} is missing, but {Path.Combine(partition, name)} holds data. Restore {FileName} from a backup; the data was left untouched.");
            }
    }

    private static void Agree(string directory, string key, int? asked, int has)
    {
        if (asked is not null && asked != has)
            throw new InvalidOperationException($"Kappa:Log:{key} is {asked}, but the log in {directory} was made with {has}, which is fixed. "
                + $"Set it to {has} or leave it out; for another value import the events into a new log.");
    }
}
