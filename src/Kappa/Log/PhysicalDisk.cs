using System.Globalization;
using System.Text;

namespace Kappa.Log;

/// <summary>The machine's own file system. Thread-safe.</summary>
public sealed class PhysicalDisk : IDisk
{
    private const int PidBytes = 10;

    private PhysicalDisk() { }

    public static PhysicalDisk Instance { get; } = new();

    public IDiskFile Open(string path) => DiskErrors.Translate(path, () => new PhysicalFile(path));

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> Files(string directory) => Names(directory, Directory.EnumerateFiles);

    public IReadOnlyList<string> Directories(string directory) => Names(directory, Directory.EnumerateDirectories);

    public void CreateDirectory(string path) => DiskErrors.Translate(path, () => Directory.CreateDirectory(path));

    public void Delete(string path) => DiskErrors.Translate(path, () => File.Delete(path));

    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path))
            DiskErrors.Translate(path, () => Directory.Delete(path, recursive: true));
    }

    public void Rename(string from, string to) => DiskErrors.Translate(from, () => File.Move(from, to, overwrite: true));

    public void FlushDirectory(string directory)
    {
        // Windows journals directory entries by itself and has no call for it.
        if (!OperatingSystem.IsWindows())
            Posix.FlushDirectory(directory);
    }

    /// <summary>The lock file keeps its holder's process id, so that the error can name it.</summary>
    public IDisposable Lock(string path)
    {
        var file = OpenLock(path);
        try
        {
            // Always the same bytes in place of the ones before: so a full disk does not keep anybody from opening it.
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture).PadRight(PidBytes)));
            return file;
        }
        catch (Exception e)
        {
            file.Dispose();
            throw DiskErrors.Of(e, path) ?? e;
        }
    }

    private static FileStream OpenLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(Holder(path) is { } holder ? $"Process {holder} holds {path}." : $"{path} cannot be locked: {e.Message}", e);
        }
    }

    private static string? Holder(string path)
    {
        var text = OperatingSystem.IsWindows() ? ReadShared(path) : Posix.ReadText(path);
        return int.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id) ? $"{id}" : null;
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd();
    }

    private static string[] Names(string directory, Func<string, IEnumerable<string>> enumerate)
    {
        if (!Directory.Exists(directory))
            return [];
        var names = enumerate(directory).Select(path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
