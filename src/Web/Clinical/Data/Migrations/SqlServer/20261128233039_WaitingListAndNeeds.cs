using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class WaitingListAndNeeds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AccessNeeds",
                columns: table => new
                {
                    PatientId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    InterpreterLanguage = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: true),
                    SignLanguage = table.Column<bool>(type: "bit", nullable: false),
                    Captions = table.Column<bool>(type: "bit", nullable: false),
                    LargeText = table.Column<bool>(type: "bit", nullable: false),
                    Confidence = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    Other = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true),
                    AnsweredAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccessNeeds", x => x.PatientId);
                    table.ForeignKey(
                        name: "FK_AccessNeeds_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AccessNeeds_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "WaitingList",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PatientId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ServiceId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PractitionerId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    Channel = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    AppointmentId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    JoinedAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Status = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WaitingList", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WaitingList_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingList_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingList_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingList_Practitioners_PractitionerId",
                        column: x => x.PractitionerId,
                        principalTable: "Practitioners",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingList_Services_ServiceId",
                        column: x => x.ServiceId,
                        principalTable: "Services",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "WaitingListOffers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    EntryId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PatientId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    SlotId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    OfferedAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Until = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Status = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    AppointmentId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WaitingListOffers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WaitingListOffers_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingListOffers_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingListOffers_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingListOffers_Slots_SlotId",
                        column: x => x.SlotId,
                        principalTable: "Slots",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_WaitingListOffers_WaitingList_EntryId",
                        column: x => x.EntryId,
                        principalTable: "WaitingList",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AccessNeeds_PracticeId",
                table: "AccessNeeds",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingList_AppointmentId",
                table: "WaitingList",
                column: "AppointmentId");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingList_PatientId_ServiceId",
                table: "WaitingList",
                columns: new[] { "PatientId", "ServiceId" },
                unique: true,
                filter: "[Status] IN ('Waiting', 'Offered')");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingList_PracticeId",
                table: "WaitingList",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingList_PractitionerId",
                table: "WaitingList",
                column: "PractitionerId");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingList_ServiceId_Status_JoinedAt",
                table: "WaitingList",
                columns: new[] { "ServiceId", "Status", "JoinedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_WaitingListOffers_AppointmentId",
                table: "WaitingListOffers",
                column: "AppointmentId");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingListOffers_EntryId_SlotId",
                table: "WaitingListOffers",
                columns: new[] { "EntryId", "SlotId" });

            migrationBuilder.CreateIndex(
                name: "IX_WaitingListOffers_OpenEntry",
                table: "WaitingListOffers",
                column: "EntryId",
                unique: true,
                filter: "[Status] = 'Open'");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingListOffers_OpenSlot",
                table: "WaitingListOffers",
                column: "SlotId",
                unique: true,
                filter: "[Status] = 'Open'");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingListOffers_PatientId",
                table: "WaitingListOffers",
                column: "PatientId");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingListOffers_PracticeId",
                table: "WaitingListOffers",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_WaitingListOffers_Status_Until",
                table: "WaitingListOffers",
                columns: new[] { "Status", "Until" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AccessNeeds");

            migrationBuilder.DropTable(
                name: "WaitingListOffers");

            migrationBuilder.DropTable(
                name: "WaitingList");
        }
    }
}
