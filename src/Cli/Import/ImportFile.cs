using System.IO.Compression;
using System.Security.Cryptography;

namespace Kappa.Cli.Import;

/// <summary>A file to import: its digest, its content (unpacked if it is gzip, whatever its name), and how far it is read.</summary>
internal sealed class ImportFile : IDisposable
{
    private readonly FileStream _file;

    public ImportFile(string path)
    {
        if (!File.Exists(path))
            throw new CliException(ExitCode.Usage, $"there is no file {path}.");
        (FullPath, Name) = (Path.GetFullPath(path), Path.GetFileName(path));
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        Digest = Convert.ToHexStringLower(SHA256.HashData(_file));
        _file.Position = 0;
        var isGzip = _file.ReadByte() == 0x1f && _file.ReadByte() == 0x8b;
        _file.Position = 0;
        Content = isGzip ? new GZipStream(_file, CompressionMode.Decompress) : _file;
    }

    public string Name { get; }

    public string FullPath { get; }

    /// <summary>SHA-256 of the file as it lies there, in hexadecimal: the same content is the same import, whatever its name.</summary>
    public string Digest { get; }

    public Stream Content { get; }

    /// <summary>How much of the file is read, from 0 to 1.</summary>
    public double Done => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    public void Dispose()
    {
        Content.Dispose();
        _file.Dispose();
    }
}
