using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Messages;

/// <summary>A message to one person on one channel; FHIR calls it Communication. The table is the outbox: <see cref="Outbox"/> fills it, in the transaction of what it tells.</summary>
/// <remarks>Several instances send at once, so a message changes by conditional statements that obey <see cref="MessageStates"/>.</remarks>
public sealed class Message : IPracticeOwned
{
    public const int ProblemLength = 500;
    public const int AddressLength = 254;

    public required MessageId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>Whom it is about; also whom it goes to, unless <see cref="Facts"/> name another.</summary>
    public required PatientId PatientId { get; init; }

    public AppointmentId? AppointmentId { get; init; }

    public required MessageKind Kind { get; init; }

    public required MessageChannel Channel { get; init; }

    public required MessageFacts Facts { get; init; }

    /// <summary>The start that it tells of, here too so that it can be searched for.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>At most one message has this key; null where a transaction makes sure of that already.</summary>
    public string? OnceKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public MessageStatus Status { get; private set; }

    /// <summary>Waiting: when it is sent. Sending: when another instance may take it over. Null when there is nothing more to do.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>How often it was tried since it was last queued.</summary>
    public int Attempts { get; private set; }

    /// <summary>The latest claim to send it. Only who holds it may say how sending went.</summary>
    public Guid? Claim { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Why it could not be sent, or was not needed, in words for practice staff.</summary>
    public string? Problem { get; private set; }

    /// <summary>Email address or phone number that it was sent to.</summary>
    public string? Address { get; private set; }

    public string? Subject { get; private set; }

    /// <summary>What was sent, or was about to be.</summary>
    public string? Body { get; private set; }

    public static Message Queue(
        PracticeId practice, PatientId patient, AppointmentId? appointment, MessageKind kind, MessageChannel channel, MessageFacts facts, DateTimeOffset now, string? onceKey = null) => new()
        {
            Id = MessageId.New(),
            PracticeId = practice,
            PatientId = patient,
            AppointmentId = appointment,
            Kind = kind,
            Channel = channel,
            Facts = facts,
            Start = facts.Start,
            OnceKey = onceKey,
            CreatedAt = now,
            Status = MessageStatus.Waiting,
            DueAt = now,
        };
}

internal sealed class MessageMapping : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> entity)
    {
        entity.Property(m => m.Facts).HasMaxLength(4000).HasConversion(
            facts => JsonSerializer.Serialize(facts, MessageJson.Default.MessageFacts),
            stored => JsonSerializer.Deserialize(stored, MessageJson.Default.MessageFacts) ?? new MessageFacts());
        entity.Property(m => m.OnceKey).HasMaxLength(200);
        entity.Property(m => m.Problem).HasMaxLength(Message.ProblemLength);
        entity.Property(m => m.Address).HasMaxLength(Message.AddressLength);
        entity.Property(m => m.Subject).HasMaxLength(300);
        entity.HasIndex(m => m.OnceKey).IsUnique();
        // What is due is found in a small index, however much has been sent.
        entity.HasIndex(m => m.DueAt).HasFilter("[DueAt] IS NOT NULL");
        entity.HasIndex(m => new { m.PracticeId, m.Status, m.CreatedAt });
        entity.HasIndex(m => new { m.AppointmentId, m.Start, m.Kind });
        entity.HasOne<Practice>().WithMany().HasForeignKey(m => m.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(m => m.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(m => m.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
