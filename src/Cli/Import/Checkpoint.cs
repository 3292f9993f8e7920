using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kappa.Cli.Import;

/// <summary>
/// How far a file was imported into a log. It lies beside neither, but in the state directory of whoever imports. Without it an
/// import that is repeated would rely on the log's duplicate window alone, which a large file outgrows.
/// </summary>
internal sealed class Checkpoint
{
    private readonly string _path;

    private Checkpoint(string path, CheckpointState state) => (_path, State) = (path, state);

    public CheckpointState State { get; private set; }

    /// <summary>
    /// Finds the checkpoint of a file and a log, or starts one. One that knows of more events than the log holds is of
    /// a log that is gone; it starts again.
    /// </summary>
    /// <param name="path">The checkpoint's own file; null for the usual place.</param>
    public static Checkpoint Find(string? path, TargetLog log, string format, string digest)
    {
        path ??= DefaultPath(log.Id, format, digest);
        var start = new CheckpointState { Log = log.Id, Format = format, Digest = digest };
        if (!File.Exists(path))
            return new Checkpoint(path, start);
        CheckpointState? found;
        try
        {
            found = JsonSerializer.Deserialize(File.ReadAllBytes(path), CheckpointJson.Default.CheckpointState);
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCode.Failed,
                $"{path} is no checkpoint ({e.Message}). Delete it to import from the start; events that the log still remembers are not stored twice.", e);
        }
        var isSame = found is not null && (found.Log, found.Format, found.Digest) == (log.Id, format, digest);
        return new Checkpoint(path, isSame && found!.LogEvents <= log.Events ? found : start);
    }

    /// <summary>Records that the first events of the file are in the log. Replaces the file in one step.</summary>
    public void Save(long events, bool isDone, long logEvents)
    {
        State = State with { Events = events, IsDone = isDone, LogEvents = logEvents };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        var next = _path + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(State, CheckpointJson.Default.CheckpointState));
        File.Move(next, _path, overwrite: true);
    }

    private static string DefaultPath(string log, string format, string digest)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{log}\n{format}\n{digest}")))[..32];
        return Path.Combine(state, "kappa", "imports", name + ".json");
    }
}
