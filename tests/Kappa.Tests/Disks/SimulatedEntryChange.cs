namespace Kappa.Tests.Disks;

/// <summary>A creation, renaming or deletion, to be done to the entries as the process sees them and, once flushed, to those of the device.</summary>
internal sealed record SimulatedEntryChange(DiskOperation Operation, string Path, string? To, SimulatedNode? Node)
{
    public void Apply(Dictionary<string, SimulatedNode> files, SortedSet<string> directories)
    {
        if (Operation == DiskOperation.CreateDirectory)
            directories.Add(Path);
        else if (Operation == DiskOperation.Create)
            files[Path] = Node!;
        else if (Operation == DiskOperation.Delete)
            _ = files.Remove(Path) || directories.Remove(Path);
        else if (files.Remove(Path))
            files[To!] = Node!;
    }
}
