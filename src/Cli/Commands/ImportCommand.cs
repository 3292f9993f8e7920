using System.CommandLine;
using Kappa.Cli.Import;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa import</c>: puts files of events into a log, once, however often it is run.</summary>
internal static class ImportCommand
{
    public static Command Create(Output output)
    {
        var command = new Command("import", "Appends files of events. May be stopped and repeated: nothing is appended twice.");
        foreach (var format in ImportFormat.All)
            command.Add(Create(format, output));
        return command;
    }

    private static Command Create(ImportFormat format, Output output)
    {
        var files = new Argument<string[]>("files") { Description = "The files, packed with gzip or not.", Arity = ArgumentArity.OneOrMore };
        var data = new Option<string?>("--data") { Description = "Append to the log in this data directory instead; no host may run on it.", HelpName = "dir" };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "Where to remember how far the import is.", HelpName = "file" };
        var command = new Command(format.Name, format.Description) { files, data, checkpoint };
        var host = new HostOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is not null && result.GetResult("--to") is System.CommandLine.Parsing.OptionResult { Implicit: false })
                result.AddError("Give --to or --data, not both.");
            if (result.GetValue(checkpoint) is not null && result.GetValue(files) is { Length: > 1 })
                result.AddError("--checkpoint is for one file; import the files one by one.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using IImportTarget target = parsed.GetValue(data) is { } directory ? new LogTarget(directory) : new HostTarget(host.Connect(parsed));
            foreach (var path in parsed.GetValue(files)!)
            {
                using var file = new ImportFile(path);
                var log = await target.LookAsync(cancellationToken);
                var run = new ImportRun(target, Checkpoint.Find(parsed.GetValue(checkpoint), log, format.Name, file.Digest));
                await ImportProgress.ShowAsync(output, host.Json(parsed), file, run,
                    onWindow => run.RunAsync(format.Events(file), onWindow, cancellationToken));
            }
            return ExitCode.Ok;
        });
        return command;
    }
}
