using System.CommandLine;
using System.Text;
using System.Text.Json;
using Kappa.Capture;
using Kappa.Cli.Import;

namespace Kappa.Cli.Commands;

/// <summary><c>kappa capture</c>: looks at capture files, ours and those of Event Hubs, without any host.</summary>
internal static class CaptureCommand
{
    public static Command Create(Output output) => new("capture", "Looks at capture files, ours and those of Event Hubs Capture.")
    {
        List(output), Show(output), Verify(output),
    };

    private static Command List(Output output)
    {
        var (command, places, json) = Make("ls", "Lists capture files and what they hold.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var infos = new List<CaptureFileInfo>();
            await foreach (var (store, name) in CapturePlaces.FilesAsync(parsed.GetValue(places)!, cancellationToken))
                infos.Add(await CaptureInspection.LookAsync(store, name, cancellationToken));
            Write(output, infos, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(Output output)
    {
        var (command, places, json) = Make("cat", "Shows the events of capture files, as CloudEvents.");
        var take = new Option<long>("--take") { Description = "How many at most.", DefaultValueFactory = _ => long.MaxValue };
        command.Add(take);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var left = parsed.GetValue(take);
            await foreach (var (store, name) in CapturePlaces.FilesAsync(parsed.GetValue(places)!, cancellationToken))
            {
                var path = store.Describe(name);
                using var capture = await CaptureFile.OpenAsync(File.OpenRead(path), path, cancellationToken);
                await foreach (var recorded in CaptureEvents.RecordedAsync(capture, path).WithCancellation(cancellationToken))
                {
                    if (left-- <= 0)
                        return ExitCode.Ok;
                    var text = Encoding.UTF8.GetString(CaptureEvents.Json(recorded, withPosition: capture.Origin is not null).Span);
                    output.Out.WriteLine(parsed.GetValue(json) ? text : $"{recorded.Position.Sequence}  {EventLine.Of(JsonElement.Parse(text))}");
                }
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Verify(Output output)
    {
        var (command, places, json) = Make("verify", "Reads every byte of capture files; exits with 1 if anything is damaged, or missing between files of ours.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (infos, problems) = (new List<CaptureFileInfo>(), new List<string>());
            var ends = new Dictionary<(ICaptureStore, string), CaptureFileInfo>();
            await foreach (var (store, name) in CapturePlaces.FilesAsync(parsed.GetValue(places)!, cancellationToken))
                try
                {
                    var info = await CaptureInspection.VerifyAsync(store, name, cancellationToken);
                    infos.Add(info);
                    if (info.Origin is null || !CaptureLayout.TryParse(name, out var place))
                        continue;
                    var partition = (store, $"{place.Space}/{place.Hub}/{place.Partition}");
                    if (ends.TryGetValue(partition, out var before) && Gap(before, info) is { } gap)
                        problems.Add($"{store.Describe(name)}: {gap}");
                    ends[partition] = info;
                }
                catch (CaptureCorruptException e)
                {
                    problems.Add(e.Message);
                }
            Write(output, infos, parsed.GetValue(json));
            foreach (var problem in problems)
                output.Error.WriteLine($"kappa: {problem}");
            return problems.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static string? Gap(CaptureFileInfo before, CaptureFileInfo after) =>
        before.Origin!.LogId != after.Origin!.LogId ? $"it is of log {after.Origin.LogId}, and the file before it of log {before.Origin.LogId}."
        : before.Last + 1 != after.First ? $"it begins with sequence {after.First}, and the file before it ends with {before.Last}: what lies between is missing."
        : null;

    private static (Command Command, Argument<string[]> Places, Option<bool> Json) Make(string name, string description)
    {
        var places = new Argument<string[]>("files") { Description = "Directories with capture files, or files.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Write JSON, one value a line." };
        return (new Command(name, description) { places, json }, places, json);
    }

    private static void Write(Output output, List<CaptureFileInfo> infos, bool json)
    {
        if (json)
        {
            foreach (var info in infos)
                output.Out.WriteLine(JsonSerializer.Serialize(CaptureLine.Of(info), CaptureLineJson.Default.CaptureLine));
            return;
        }
        var columns = new Columns("file", "first", "last", "events", "bytes", "from", "to", "checked");
        foreach (var line in infos.Select(CaptureLine.Of))
            columns.Add(line.File, $"{line.First}", $"{line.Last}", $"{line.Events}", $"{line.Bytes}", line.From ?? "", line.To ?? "", line.Proven ? "every byte" : "");
        columns.Write(output.Out);
    }
}
