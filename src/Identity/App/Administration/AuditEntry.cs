using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Administration;

/// <summary>What an administrator can do to an account.</summary>
public enum AdministrationAct
{
    Invited,
    InvitationWithdrawn,

    /// <summary>By the invited person, not by an administrator.</summary>
    InvitationAccepted,
    RoleChanged,
    Disabled,
    Enabled,
    AuthenticatorReset,
    SignedOut,

    /// <summary>By the account's owner: another provider signs them in from now on.</summary>
    ProviderConnected,

    /// <summary>By the account's owner.</summary>
    ProviderDisconnected,
}

/// <summary>
/// One act of administration: who did what to which account, when and why. Rows are only ever added; each holds the hash of itself and
/// the one before, so that a row that was changed or taken out in between shows. No names: those are in the accounts, and go with them.
/// </summary>
public sealed class AuditEntry
{
    public const int ReasonLength = 500;

    /// <summary>1, 2, 3 and so on, without gaps.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The account of who did it.</summary>
    public required Guid ActorId { get; init; }

    /// <summary>The account or invitation that it was done to.</summary>
    public required Guid SubjectId { get; init; }

    public required AdministrationAct Act { get; init; }

    /// <summary>Such as the old and the new role.</summary>
    public required string? Detail { get; init; }

    public required string? Reason { get; init; }

    /// <summary>SHA-256 of everything above and the hash before.</summary>
    public byte[] Hash { get; init; } = [];

    /// <param name="before">The hash of the entry before; empty for the first.</param>
    public byte[] ComputeHash(ReadOnlySpan<byte> before)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Number);
        Append(hash, At.UtcTicks);
        hash.AppendData(ActorId.ToByteArray());
        hash.AppendData(SubjectId.ToByteArray());
        Append(hash, Act.ToString());
        Append(hash, Detail);
        Append(hash, Reason);
        hash.AppendData(before);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    /// <summary>With its length before it, so that no two texts side by side read like two others; nothing is not the same as empty.</summary>
    private static void Append(IncrementalHash hash, string? text)
    {
        Append(hash, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        hash.AppendData(Encoding.UTF8.GetBytes(text ?? string.Empty));
    }
}

internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        // The migration that made it also made triggers that refuse changes and deletions.
        builder.ToTable("AuditEntries", table => table.HasTrigger("AuditEntries_AppendOnly"));
        builder.HasKey(entry => entry.Number);
        builder.Property(entry => entry.Number).ValueGeneratedNever();
        builder.Property(entry => entry.Act).HasConversion<string>().HasMaxLength(40);
        builder.Property(entry => entry.Detail).HasMaxLength(200);
        builder.Property(entry => entry.Reason).HasMaxLength(AuditEntry.ReasonLength);
        builder.Property(entry => entry.Hash).HasMaxLength(SHA256.HashSizeInBytes);
        builder.HasIndex(entry => new { entry.SubjectId, entry.Number });
    }
}
