using System.CommandLine;
using Kappa.Backups;
using Kappa.Cli.Backups;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa backup</c>: copies a data directory, whether a host runs on it or not; and checks such copies.</summary>
internal static class BackupCommand
{
    public static Command Create(Output output)
    {
        var data = new Option<string>("--data") { Description = "The data directory; a host may be running on it.", HelpName = "dir", Required = true };
        var to = new Option<string>("--to") { Description = "A directory that is not there or empty, best on another disk.", HelpName = "dir", Required = true };
        var withViews = new Option<bool>("--with-views") { Description = "Copy the views' stores too; only while no host runs. Without them they are folded again." };
        var capture = new Option<string?>("--capture") { Description = "Where the capture is, if not in the data directory.", HelpName = "dir" };
        var settings = new Option<string[]>("--settings") { Description = "A file with settings; may be repeated. By default appsettings*.json beside the data directory.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Write the result as JSON." };
        var command = new Command("backup", "Makes a backup of a data directory: log, capture, settings.") { data, to, withViews, capture, settings, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (from, target) = (parsed.GetValue(data)!, parsed.GetValue(to)!);
            var manifest = await Backup.CreateAsync(from, target, new BackupOptions
            {
                WithViews = parsed.GetValue(withViews),
                CaptureDirectory = parsed.GetValue(capture),
                Settings = parsed.GetValue(settings) is { Length: > 0 } named ? named : SettingsBeside(from),
            }, cancellationToken: cancellationToken);
            output.Out.WriteLine(parsed.GetValue(json)
                ? BackupJson.Of(manifest, target)
                : $"{target}: {manifest.Cut.Count:N0} events up to {manifest.Cut}, {manifest.Files.Count:N0} files, {manifest.Bytes:N0} bytes.");
            return ExitCode.Ok;
        });
        command.Add(Verify(output));
        return command;
    }

    private static Command Verify(Output output)
    {
        var backup = new Argument<string>("backup") { Description = "The backup's directory." };
        var json = new Option<bool>("--json") { Description = "Write the result as JSON." };
        var command = new Command("verify", "Compares every file of a backup with its digest; exits with 1 if anything is wrong.") { backup, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var directory = parsed.GetValue(backup)!;
            var problems = Backup.Verify(directory, out var manifest, cancellationToken);
            if (parsed.GetValue(json))
                output.Out.WriteLine(BackupJson.Of(manifest, directory, problems));
            else if (problems.Count == 0)
                output.Out.WriteLine($"{directory}: whole. {manifest.Cut.Count:N0} events up to {manifest.Cut}, {manifest.Files.Count:N0} files, {manifest.Bytes:N0} bytes, made {manifest.Created:u}.");
            foreach (var problem in problems)
                output.Error.WriteLine($"kappa: {problem}");
            return Task.FromResult(problems.Count == 0 ? ExitCode.Ok : ExitCode.Failed);
        });
        return command;
    }

    /// <summary>The host's content root is where the data directory is, unless it was told otherwise.</summary>
    private static string[] SettingsBeside(string data) => Path.GetDirectoryName(Path.GetFullPath(data)) is { } root && Directory.Exists(root)
        ? [.. Directory.GetFiles(root, "appsettings*.json").Order(StringComparer.Ordinal)]
        : [];
}
