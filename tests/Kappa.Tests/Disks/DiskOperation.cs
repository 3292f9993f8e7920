namespace Kappa.Tests.Disks;

/// <summary>What changes a disk, or makes a change durable.</summary>
public enum DiskOperation
{
    Create,
    Write,
    SetLength,
    Flush,
    Rename,
    Delete,
    CreateDirectory,
    FlushDirectory,
}
