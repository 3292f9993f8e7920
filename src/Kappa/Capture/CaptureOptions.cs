namespace Kappa.Capture;

/// <summary>When and where the log is captured. <see cref="Validate"/> is called before anything is opened.</summary>
public sealed class CaptureOptions
{
    /// <summary>Whether the log is captured. With <c>Kappa:Log:Retention</c> it is in any case.</summary>
    public bool Enabled { get; set; }

    /// <summary>Where the files are kept; by default <c>capture</c> in the data directory.</summary>
    public string? Directory { get; set; }

    /// <summary>The first part of the files' paths.</summary>
    public string Namespace { get; set; } = "kappa";

    /// <summary>The second part of the files' paths; one log to each.</summary>
    public string Hub { get; set; } = "log";

    /// <summary>An event is captured after so long at the latest.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A file is closed once it is about this large, and one is written as soon as there is so much.</summary>
    public long BytesMax { get; set; } = 64L << 20;

    /// <summary>Names every setting that is out of range; empty if all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Check(Directory is null || !string.IsNullOrWhiteSpace(Directory), nameof(Directory), "the path of a directory", Directory);
        Check(CaptureLayout.IsName(Namespace), nameof(Namespace), "letters, digits, dashes, dots and underscores", Namespace);
        Check(CaptureLayout.IsName(Hub), nameof(Hub), "letters, digits, dashes, dots and underscores", Hub);
        Check(Every >= TimeSpan.FromSeconds(1) && Every <= TimeSpan.FromDays(1), nameof(Every), "a second to a day, as d.hh:mm:ss", Every);
        Check(BytesMax is >= 4 << 10 and <= 1L << 30, nameof(BytesMax), "4 KiB to 1 GiB", BytesMax);
        return problems;

        void Check(bool good, string name, string range, object? value)
        {
            if (!good)
                problems.Add($"Kappa:Capture:{name} is '{value}', but must be {range}.");
        }
    }
}
