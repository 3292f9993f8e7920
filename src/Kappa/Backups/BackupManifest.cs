using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kappa.Log;

namespace Kappa.Backups;

/// <summary>
/// What a backup holds, in its file <c>backup.json</c>, which is written last: a directory without it is no backup. The
/// last member is the SHA-256 of everything before it.
/// </summary>
/// <param name="LogId">The log it is of.</param>
/// <param name="Cut">Everything before this cut is in it.</param>
public sealed record BackupManifest(long LogId, DateTimeOffset Created, Cut Cut, IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "backup.json";

    private const int Format = 1;
    private const string CheckMember = ",\"sha256\":\"";

    /// <summary>How many bytes all files have.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    internal void Write(IDisk disk, string directory)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
            Write(json);
        var body = Encoding.UTF8.GetString(memory.ToArray())[..^1];
        var path = Path.Combine(directory, FileName);
        using (var file = disk.Open(path + ".new"))
        {
            file.SetLength(0);
            file.Write(0, Encoding.UTF8.GetBytes($"{body}{CheckMember}{Check(body)}\"}}\n"));
            file.Flush();
        }
        disk.Rename(path + ".new", path);
        disk.FlushDirectory(directory);
    }

    /// <exception cref="BackupException">It is missing, damaged, or of another format.</exception>
    internal static BackupManifest Read(IDisk disk, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!disk.Exists(path))
            throw new BackupException($"{directory} is no backup: it has no {FileName}, which is written last. If making it was cut off, make it again.");
        using var file = disk.Open(path);
        var bytes = new byte[file.Length];
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, file.Read(0, bytes)));
        var at = text.LastIndexOf(CheckMember, StringComparison.Ordinal);
        if (at < 0 || text[at..] != $"{CheckMember}{Check(text[..at])}\"}}\n")
            throw new BackupException($"{path} is damaged: its bytes are not those that were written. Use another backup.");
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        if (json.GetProperty("format").GetInt32() is var format and not Format)
            throw new BackupException($"{path} has format {format}, but this program knows format {Format} only; use a program of its time.");
        return new BackupManifest(json.GetProperty("logId").GetInt64(), json.GetProperty("created").GetDateTimeOffset(),
            Cut.TryParse(json.GetProperty("cut").GetString(), out var cut) ? cut : Cut.Zero,
            [.. json.GetProperty("files").EnumerateArray().Select(one => new BackupFile(
                one.GetProperty("path").GetString()!, one.GetProperty("bytes").GetInt64(), one.GetProperty("sha256").GetString()!))]);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteNumber("logId", LogId);
        json.WriteString("created", Created);
        json.WriteString("cut", Cut.ToString());
        json.WriteStartArray("files");
        foreach (var file in Files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Check(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
