namespace Kappa.Capture;

/// <summary>
/// Where capture files are kept: a directory now, a blob container later. Files are written whole and never change; there is
/// no rename. Names are paths with <c>/</c>. Thread-safe. What fails is an <see cref="IOException"/>; a full disk is a
/// <see cref="Log.DiskFullException"/>.
/// </summary>
public interface ICaptureStore
{
    /// <summary>The file as people find it, for messages.</summary>
    string Describe(string name);

    /// <summary>The names that begin with a prefix, in ordinal order. Files that are being written are not among them.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>The length of a file; null if there is none.</summary>
    ValueTask<long?> LengthAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Reads until the span is full or the file ends; returns how many bytes.</summary>
    ValueTask<int> ReadAsync(string name, long offset, Memory<byte> into, CancellationToken cancellationToken = default);

    /// <summary>Begins to write a file. Nobody sees it before <see cref="ICaptureUpload.CompleteAsync"/>; one of that name is then replaced.</summary>
    ValueTask<ICaptureUpload> CreateAsync(string name, CancellationToken cancellationToken = default);
}
