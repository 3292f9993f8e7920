using System.CommandLine;
using Kappa.Backups;
using Kappa.Cli.Backups;
using Kappa.Cli.Checks;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa restore</c>: puts a backup back, folds the views and proves them.</summary>
internal static class RestoreCommand
{
    public static Command Create(Output output)
    {
        var from = new Option<string>("--from") { Description = "The backup's directory.", HelpName = "dir", Required = true };
        var data = new Option<string>("--data") { Description = "The data directory to make; it must not be there, or be empty.", HelpName = "dir", Required = true };
        var views = new Option<string?>("--views") { Description = "Fold the views of this assembly instead of those that ship.", HelpName = "dll" };
        var json = new Option<bool>("--json") { Description = "Write the result as JSON." };
        var command = new Command("restore", "Restores a backup, folds all views and audits them; exits with 1 if anything is not complete.") { from, data, views, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Before anything is copied: a wrong assembly is to be found at once.
            var source = ViewSource.Of(parsed.GetValue(views));
            var directory = parsed.GetValue(data)!;
            var manifest = Backup.Restore(parsed.GetValue(from)!, directory, cancellationToken);
            var proof = await RestoreProof.RunAsync(directory, source, manifest.Cut, cancellationToken);
            if (parsed.GetValue(json))
                output.Out.WriteLine(BackupJson.Of(proof));
            else
                Write(output, directory, proof);
            foreach (var problem in proof.Problems)
                output.Error.WriteLine($"kappa: {problem}");
            return proof.Complete ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static void Write(Output output, string directory, RestoreProof proof)
    {
        var partitions = new Columns("partition", "first", "next");
        foreach (var (partition, first, next) in proof.Partitions)
            partitions.Add($"{partition}", $"{first}", $"{next}");
        partitions.Write(output.Out);
        output.Out.WriteLine();
        var views = new Columns("view", "complete", "routed", "applied", "held", "cut");
        foreach (var audit in proof.Audits)
            views.Add(audit.View, audit.Complete ? "yes" : "NO", $"{audit.Routed}", $"{audit.Applied}", $"{audit.Held}", $"{audit.Cut}");
        views.Write(output.Out);
        output.Out.WriteLine($"\n{directory}: {(proof.Complete ? "restored and complete." : "restored, but NOT COMPLETE.")}");
    }
}
