namespace Kappa.Events;

/// <summary>The members that CloudEvents JSON itself defines; a set of them fits one word.</summary>
[Flags]
internal enum EventMembers
{
    None = 0,
    SpecVersion = 1 << 0,
    Id = 1 << 1,
    Source = 1 << 2,
    Type = 1 << 3,
    Subject = 1 << 4,
    Time = 1 << 5,
    DataContentType = 1 << 6,
    DataSchema = 1 << 7,
    Data = 1 << 8,
    DataBase64 = 1 << 9,
    AnyData = Data | DataBase64,
}
